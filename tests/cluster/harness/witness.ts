/**
 * A websocket client outside the cluster that runs for the whole test. Every event must follow the
 * previous one of its device and equal the recomputed one to the bit, whatever is killed, upgraded
 * or moved meanwhile.
 */
import { Client } from "@fireworks/client";
import type { Device } from "@fireworks/contracts";
import { advance, deviceWords, noise, parseSeed } from "@fireworks/wiener";
import { waitFor } from "../../harness/wait-for.ts";

interface Path {
	seq: number;
	timestamp: number;
	value: number;
	events: number;
}

const SEED = parseSeed("0");

export class Witness {
	/** The violations that it found. */
	readonly problems: string[] = [];
	/** How often the connection was lost. */
	losses = 0;
	readonly #client: Client;
	readonly #paths = new Map<string, Path>();
	readonly #values = new Map<string, number>();
	#devices: readonly Device[] = [];

	constructor(url: string) {
		this.#client = new Client({ url });
		this.#client.on("devices", (devices) => {
			this.#devices = devices;
		});
		this.#client.on("state", ({ kind }) => {
			if (kind === "reconnecting") this.losses++;
		});
		this.#client.on("gap", (gap) => {
			this.problems.push(`a gap of ${gap.count} events`);
		});
		this.#client.on("events", ({ columns }) => {
			columns.device.forEach((index, i) => {
				const device = this.#devices[index];
				if (device === undefined) {
					this.problems.push(`an event of no device: index ${index}`);
					return;
				}
				this.#take(device, {
					seq: columns.seq[i] as number,
					timestamp: columns.timestamp[i] as number,
					value: columns.value[i] as number,
				});
			});
		});
		this.#client.start();
	}

	get events(): number {
		return [...this.#paths.values()].reduce((sum, p) => sum + p.events, 0);
	}

	/** The value that arrived for a device's tick. */
	valueOf(deviceId: string, seq: number): number | undefined {
		return this.#values.get(`${deviceId} ${seq}`);
	}

	/** Waits until every device has this many more events than now. */
	async moves(ticks = 3, timeoutMs = 120_000): Promise<void> {
		const goals = await waitFor(
			"the first events",
			() => {
				if (this.#paths.size === 0) return undefined;
				return new Map(
					[...this.#paths].map(([id, path]) => [id, path.seq + ticks]),
				);
			},
			timeoutMs,
		);
		await waitFor(
			`${ticks} more ticks of each device`,
			() =>
				[...goals].every(
					([id, goal]) => (this.#paths.get(id)?.seq ?? 0) >= goal,
				),
			timeoutMs,
		);
	}

	close(): void {
		this.#client.close();
	}

	#take(
		{ deviceId, drift, volatility }: Device,
		event: Omit<Path, "events">,
	): void {
		const last = this.#paths.get(deviceId);
		this.#values.set(`${deviceId} ${event.seq}`, event.value);
		// A snapshot after a restart of the pod starts before the known events.
		if (last !== undefined && event.seq <= last.seq) {
			if (event.seq === last.seq && event.value !== last.value)
				this.problems.push(`${deviceId} seq ${event.seq} has two values`);
			return;
		}
		if (last !== undefined) {
			if (event.seq !== last.seq + 1)
				this.problems.push(`${deviceId}: seq ${last.seq}, then ${event.seq}`);
			const tick = { timestamp: event.timestamp, drift, volatility };
			const z = noise(SEED, deviceWords(deviceId), event.seq);
			const wanted = advance(last, tick, z)?.value;
			if (event.seq === last.seq + 1 && wanted !== event.value)
				this.problems.push(
					`${deviceId} seq ${event.seq}: ${event.value}, not ${wanted}`,
				);
		}
		this.#paths.set(deviceId, { ...event, events: (last?.events ?? 0) + 1 });
	}
}
