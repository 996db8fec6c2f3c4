/**
 * Encodes columns as the bytes of a `snapshot` or `batch` frame.
 *
 * This is the hot path (queue/column-json.ts). Each frame is encoded once, and the same bytes go to
 * all clients that want it.
 */
import { encodeStreamPosition } from "@fireworks/contracts";
import { FRAME_EVENTS_MAX } from "../limits.ts";
import { latest, type Place } from "../queue/place.ts";
import type { RingQueue } from "../queue/ring-queue.ts";
import { textFrame } from "./text-frame.ts";

export interface EventFrame {
	/** A whole RFC 6455 frame. */
	bytes: Buffer;
	events: number;
	/** The frame has the events from here … */
	from: Place;
	/** … to here. This is also the position that the frame carries. */
	to: Place;
}

/**
 * Which events. mask: by device index (undefined: all devices). since: by device index (undefined:
 * from the start).
 */
export interface Choice {
	mask: Uint8Array | undefined;
	since?: Float64Array | undefined;
	/** Only events from this time on; undefined: of all times. */
	fromMs?: number | undefined;
}

/**
 * Encodes the chosen events from `from` on, up to `until` or `frameEventsMax` events.
 *
 * Leaves out an event whose offset lies before `from.next` of its partition: the client already got
 * it, from this or another pod.
 */
export function encodeEvents(
	queue: RingQueue,
	type: "snapshot" | "batch",
	choice: Choice,
	from: Place,
	until: Place,
	sentAt: number,
): EventFrame {
	const { slots, to } = choose(queue, choice, from, until);
	const position = encodeStreamPosition(to.next, queue.tag);
	// Only a snapshot may belong to another stream than the client's previous events.
	const stream =
		type === "snapshot" && queue.tag !== ""
			? `,"stream":${JSON.stringify(queue.tag)}`
			: "";
	const text = `{"type":"${type}","position":"${position}"${stream},"sentAt":${sentAt},"columns":${queue.columnsJson(slots)}}`;
	return { bytes: textFrame(text), events: slots.length, from, to };
}

const scratch = new Uint32Array(FRAME_EVENTS_MAX);

/**
 * The slots of the events, valid until the next call, and the place after the last event that was
 * checked.
 */
function choose(
	queue: RingQueue,
	{ mask, since, fromMs = Number.NEGATIVE_INFINITY }: Choice,
	from: Place,
	until: Place,
): { slots: Uint32Array; to: Place } {
	const next = [...from.next];
	let ordinal = from.ordinal;
	let slot = ordinal % queue.capacity;
	const eventsMax = queue.frameEventsMax;
	let events = 0;
	while (ordinal < until.ordinal && events < eventsMax) {
		const partition = queue.partition[slot] as number;
		const offset = queue.offset[slot] as number;
		if (offset >= (next[partition] as number)) {
			next[partition] = offset + 1;
			const device = queue.device[slot] as number;
			if (
				(mask === undefined || mask[device] === 1) &&
				(since === undefined ||
					(ordinal >= (since[device] ?? Infinity) &&
						(queue.timestamp[slot] as number) >= fromMs))
			)
				scratch[events++] = slot;
		}
		ordinal++;
		if (++slot === queue.capacity) slot = 0;
	}
	return {
		slots: scratch.subarray(0, events),
		// At the end, use the given place: it also accounts for records that made no event.
		to:
			ordinal === until.ordinal
				? { ordinal, next: latest(next, until.next) }
				: { ordinal, next },
	};
}

/**
 * The number of chosen events between the two places. Events that have left the queue all count,
 * chosen or not, so the number is then an upper bound.
 */
export function countEvents(
	queue: RingQueue,
	mask: Uint8Array | undefined,
	from: Place,
	until: Place,
): number {
	const held = Math.max(from.ordinal, queue.oldest);
	let count = Math.min(held, until.ordinal) - from.ordinal;
	for (let ordinal = held; ordinal < until.ordinal; ordinal++) {
		const slot = ordinal % queue.capacity;
		const offset = queue.offset[slot] as number;
		if (offset < (from.next[queue.partition[slot] as number] as number))
			continue;
		if (mask === undefined || mask[queue.device[slot] as number] === 1) count++;
	}
	return count;
}
