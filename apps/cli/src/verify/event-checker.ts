/**
 * Recomputes what a websocket shows: for every two events of a device that follow each other, dt, increment and value must be what the seed, the
 * device's name and the tick's number make of the first. Pure: fed frame by frame.
 *
 * What it cannot know is the path before a device's first event here, and what lay in a gap: after either it begins anew with the next event.
 */
import type { Columns, Device } from "@fireworks/contracts";
import {
	advance,
	type DeviceWords,
	deviceWords,
	noise,
	type Seed,
} from "@fireworks/wiener";

/** More are counted, and not kept. */
const FINDINGS_KEPT = 20;

interface Known {
	readonly words: DeviceWords;
	last: { seq: number; timestamp: number; value: number } | undefined;
	/** Events that came live, after the snapshot. */
	live: number;
}

export class EventChecker {
	readonly #seed: Seed;
	readonly #devices = new Map<string, Known>();
	readonly findings: string[] = [];
	findingsTotal = 0;
	events = 0;
	/** Events that could be recomputed: all but the first of each device, and of each after a gap. */
	recomputed = 0;
	/** Event time of the newest event, ms since 1970. */
	newest = Number.NEGATIVE_INFINITY;

	constructor(seed: Seed) {
		this.#seed = seed;
	}

	/** columns: `device` is an index into the table. live: of a batch, and not of the snapshot. */
	take(columns: Columns, table: readonly Device[], live: boolean): void {
		for (let i = 0; i < columns.seq.length; i++) {
			const device = table[columns.device[i] as number];
			if (!device) {
				this.#find(`an event of a device that was never announced`);
				continue;
			}
			this.#event(device, live, {
				seq: columns.seq[i] as number,
				timestamp: columns.timestamp[i] as number,
				dt: columns.dt[i] as number,
				increment: columns.increment[i] as number,
				value: columns.value[i] as number,
			});
		}
	}

	/** What follows does not follow on what was seen: a gap, or another snapshot. */
	beginAnew(): void {
		for (const known of this.#devices.values()) known.last = undefined;
	}

	/** Of the table, those without a live event. */
	still(table: readonly Device[]): string[] {
		return table
			.map((device) => device.deviceId)
			.filter((id) => (this.#devices.get(id)?.live ?? 0) === 0);
	}

	#event(
		{ deviceId, drift, volatility }: Device,
		live: boolean,
		event: {
			seq: number;
			timestamp: number;
			dt: number;
			increment: number;
			value: number;
		},
	): void {
		const known = this.#known(deviceId);
		const { last } = known;
		this.events++;
		if (live) known.live++;
		this.newest = Math.max(this.newest, event.timestamp);
		known.last = event;
		if (last === undefined) return;
		const { seq, timestamp } = event;
		const where = `${deviceId} seq ${seq}`;
		if (seq <= last.seq || timestamp <= last.timestamp) {
			this.#find(
				`${where} at ${timestamp} follows seq ${last.seq} at ${last.timestamp}`,
			);
			return;
		}
		this.recomputed++;
		const z = noise(this.#seed, known.words, seq);
		const right = advance(last, { timestamp, drift, volatility }, z);
		// -0 = 0.
		for (const field of ["dt", "increment", "value"] as const)
			if (right?.[field] !== event[field])
				this.#find(
					`${where}: ${field} is ${event[field]}, and should be ${right?.[field]}`,
				);
	}

	#known(deviceId: string): Known {
		let known = this.#devices.get(deviceId);
		if (!known) {
			known = { words: deviceWords(deviceId), last: undefined, live: 0 };
			this.#devices.set(deviceId, known);
		}
		return known;
	}

	#find(what: string): void {
		this.findingsTotal++;
		if (this.findings.length < FINDINGS_KEPT) this.findings.push(what);
	}
}
