/**
 * Recomputes what a websocket shows. For every two consecutive events of a device, the second one's
 * dt, increment and value must follow from the first one, the seed, the device's name and the
 * tick's number. It does no I/O: the caller passes it frame by frame.
 *
 * It cannot know the path before a device's first event here, or what is missing in a gap. After
 * either, it starts again with the next event.
 */
import type { Columns, Device } from "@fireworks/contracts";
import {
	advance,
	type DeviceWords,
	deviceWords,
	noise,
	type Seed,
} from "@fireworks/wiener";

/** Further findings are counted, but not kept. */
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
	/**
	 * Events that could be recomputed: all except the first of each device, and the first after
	 * each gap.
	 */
	recomputed = 0;
	/** Event time of the newest event, ms since 1970. */
	newest = Number.NEGATIVE_INFINITY;

	constructor(seed: Seed) {
		this.#seed = seed;
	}

	/**
	 * columns: `device` is an index into the table. live: the events are from a batch, not from the
	 * snapshot.
	 */
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

	/** The next events do not continue the previous ones, because of a gap or another snapshot. */
	startAgain(): void {
		for (const known of this.#devices.values()) known.last = undefined;
	}

	/** The devices of the table without a live event. */
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
		// Makes -0 equal to 0.
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
