/**
 * Chooses the events of a snapshot: the newest points of each device.
 *
 * Three bounds: points per device, events in all, and event time back from each device's own newest
 * point. (So a device that is silent, or whose clock is wrong, still shows its last path.) If the
 * events in all do not suffice, every device loses equally: points are dealt out one to each device
 * in turn. The choice is a threshold by device: a snapshot is "every event of d from since[d] on".
 * It is encoded while it is sent.
 */
import type { RingQueue } from "./ring-queue.ts";

export interface SnapshotBounds {
	windowMs: number;
	pointsMax: number;
	eventsMax: number;
}

export interface SnapshotChoice {
	/** By device index: ordinal of its first event; Infinity if it has none. */
	since: Float64Array;
	/** Only events from this time on; undefined: of all times. */
	fromMs?: number | undefined;
	/** The least of `since`, or `until` if there are no events. */
	first: number;
	events: number;
}

interface Walk {
	device: number;
	ordinal: number;
	oldestMs: number;
}

/** devices: indexes in the table. until: ordinal before which the snapshot ends. */
export function chooseSnapshot(
	queue: RingQueue,
	devices: Iterable<number>,
	until: number,
	bounds: SnapshotBounds,
): SnapshotChoice {
	const since = new Float64Array(queue.devices.count).fill(Infinity);
	let walks = newestBefore(queue, devices, until, bounds.windowMs);
	let first = until;
	let events = 0;
	for (let points = 0; points < bounds.pointsMax; points++) {
		if (walks.length === 0) break;
		const going: Walk[] = [];
		for (const walk of walks) {
			if (events === bounds.eventsMax) return { since, first, events };
			since[walk.device] = walk.ordinal;
			first = Math.min(first, walk.ordinal);
			events++;
			walk.ordinal = queue.previousOfDevice(walk.ordinal);
			if (
				walk.ordinal >= 0 &&
				(queue.timestamp[walk.ordinal % queue.capacity] as number) >=
					walk.oldestMs
			)
				going.push(walk);
		}
		walks = going;
	}
	return { since, first, events };
}

function newestBefore(
	queue: RingQueue,
	devices: Iterable<number>,
	until: number,
	windowMs: number,
): Walk[] {
	const walks: Walk[] = [];
	for (const device of devices) {
		let ordinal = queue.devices.newestOf(device);
		while (ordinal >= until) ordinal = queue.previousOfDevice(ordinal);
		if (ordinal < 0) continue;
		const newestMs = queue.timestamp[ordinal % queue.capacity] as number;
		walks.push({ device, ordinal, oldestMs: newestMs - windowMs });
	}
	return walks;
}
