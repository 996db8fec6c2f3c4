/**
 * From columns to the bytes of a `snapshot` or `batch` frame.
 *
 * The hot path: numbers are gathered into plain arrays that JSON.stringify turns to text (measured: 140 ns a double and 24 an integer,
 * where adding up strings takes 260); each frame is encoded once and the same bytes go to all clients that want it.
 */
import { encodeStreamPosition } from "@fireworks/contracts";
import { FRAME_EVENTS_MAX } from "../limits.ts";
import type { EventQueue } from "../queue/event-queue.ts";
import { latest, type Place } from "../queue/place.ts";
import { textFrame } from "./text-frame.ts";

export interface EventFrame {
	/** A whole RFC 6455 frame. */
	bytes: Buffer;
	events: number;
	/** The frame has the events from here … */
	from: Place;
	/** … to here; also the position that it tells. */
	to: Place;
}

/** Which events: mask by device index (undefined: all devices), since by device index (undefined: from the start). */
export interface Choice {
	mask: Uint8Array | undefined;
	since?: Float64Array | undefined;
}

/**
 * Encodes the chosen events from `from` on, up to `until` or FRAME_EVENTS_MAX events.
 *
 * An event whose offset lies before `from.next` of its partition is left out: the client had it, from here or from another pod.
 */
export function encodeEvents(
	queue: EventQueue,
	type: "snapshot" | "batch",
	choice: Choice,
	from: Place,
	until: Place,
	sentAt: number,
): EventFrame {
	const { slots, to } = choose(queue, choice, from, until);
	const column = (values: Uint32Array | Float64Array): string => {
		const numbers = new Array<number>(slots.length);
		for (let i = 0; i < slots.length; i++)
			numbers[i] = values[slots[i] as number] as number;
		return JSON.stringify(numbers);
	};
	const text = `{"type":"${type}","position":"${encodeStreamPosition(to.next)}","sentAt":${sentAt},"columns":{"device":${column(queue.device)},"seq":${column(queue.seq)},"timestamp":${column(queue.timestamp)},"dt":${column(queue.dt)},"increment":${column(queue.increment)},"value":${column(queue.value)}}}`;
	return { bytes: textFrame(text), events: slots.length, from, to };
}

const scratch = new Uint32Array(FRAME_EVENTS_MAX);

/** The slots of the events, valid until the next call, and the place after the last event that was looked at. */
function choose(
	queue: EventQueue,
	{ mask, since }: Choice,
	from: Place,
	until: Place,
): { slots: Uint32Array; to: Place } {
	const next = [...from.next];
	let ordinal = from.ordinal;
	let slot = ordinal % queue.capacity;
	let events = 0;
	while (ordinal < until.ordinal && events < FRAME_EVENTS_MAX) {
		const partition = queue.partition[slot] as number;
		const offset = queue.offset[slot] as number;
		if (offset >= (next[partition] as number)) {
			next[partition] = offset + 1;
			const device = queue.device[slot] as number;
			if (
				(mask === undefined || mask[device] === 1) &&
				(since === undefined || ordinal >= (since[device] ?? Infinity))
			)
				scratch[events++] = slot;
		}
		ordinal++;
		if (++slot === queue.capacity) slot = 0;
	}
	return {
		slots: scratch.subarray(0, events),
		// At its end the place is the given one, which also knows of records that made no event.
		to:
			ordinal === until.ordinal
				? { ordinal, next: latest(next, until.next) }
				: { ordinal, next },
	};
}

/** How many chosen events lie between the two places; where some have left the queue, at most so many: these count whatever they were. */
export function countEvents(
	queue: EventQueue,
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
