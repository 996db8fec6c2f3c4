/**
 * The figures of one of two engines: how far it is, and how long after a tick its records arrive.
 * Bound: Samples, and one entry per device.
 */
import type { ClientEvents } from "@fireworks/client";
import type { LiveStore } from "../stream/live-store.ts";
import { Samples } from "../stream/samples.ts";

export class EngineSide {
	readonly store: LiveStore;
	/** The newest record by event time. */
	last: { seq: number; timeMs: number } | undefined;
	/** Time from event to receipt, for the oldest event of each frame, by the server's clock. */
	readonly delayMs = new Samples();
	#devices: LiveStore["devices"] = [];
	#indices = new Map<string, number>();

	constructor(store: LiveStore) {
		this.store = store;
	}

	indexOf(deviceId: string): number | undefined {
		const { devices } = this.store;
		if (devices !== this.#devices) {
			this.#devices = devices;
			this.#indices = new Map(devices.map((d, index) => [d.deviceId, index]));
		}
		return this.#indices.get(deviceId);
	}

	take({ type, columns }: ClientEvents["events"], receivedMs: number): void {
		const { seq, timestamp } = columns;
		let oldestMs = Number.POSITIVE_INFINITY;
		for (let i = 0; i < seq.length; i++) {
			const timeMs = timestamp[i] as number;
			oldestMs = Math.min(oldestMs, timeMs);
			if (timeMs > (this.last?.timeMs ?? Number.NEGATIVE_INFINITY))
				this.last = { seq: seq[i] as number, timeMs };
		}
		// Events from before the connection was opened are history: their age says nothing about
		// the engine.
		if (type === "batch" && seq.length > 0 && oldestMs >= this.store.openedMs)
			this.delayMs.add(receivedMs - oldestMs);
	}
}
