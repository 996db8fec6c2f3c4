/**
 * Chooses the events of a snapshot by a window of event time, which is the same for all keys.
 *
 * The window ends at the wall clock. If the stream has no event that new, it lies in the past, and
 * the window ends at its newest event. Events may be out of order, so every held event of a wanted
 * key is looked at. If there are more than `eventsMax` in the window, every key keeps equally many
 * of its last ones.
 */
import type { Clock } from "@fireworks/time";
import type { RingQueue } from "./ring-queue.ts";
import type { SnapshotBounds, SnapshotChoice } from "./snapshot.ts";
import type { StreamQueue } from "./stream-queue.ts";

/** Choices are kept this long: the window moves with the clock. */
const ERA_MS = 1_000;

/** When the window begins. */
export function windowStart(
	wallMs: number,
	newestMs: number,
	windowMs: number,
): number {
	const live = wallMs - windowMs;
	return newestMs >= live ? live : newestMs - windowMs;
}

/** A SnapshotRule (fanout/snapshots.ts) for this queue. */
export const windowRule = (queue: StreamQueue, clock: Clock) => ({
	choose: (
		_: RingQueue,
		keys: Iterable<number>,
		until: number,
		{ windowMs, eventsMax }: SnapshotBounds,
	): SnapshotChoice => {
		const fromMs = windowStart(clock.wallMs(), queue.newestMs(), windowMs);
		return chooseWindow(queue, keys, until, fromMs, eventsMax);
	},
	era: () => Math.floor(clock.wallMs() / ERA_MS),
});

/** until: ordinal before which the snapshot ends. */
export function chooseWindow(
	queue: RingQueue,
	keys: Iterable<number>,
	until: number,
	fromMs: number,
	eventsMax: number,
): SnapshotChoice {
	const since = new Float64Array(queue.devices.count).fill(Infinity);
	const counts: { key: number; events: number }[] = [];
	for (const key of keys) {
		let events = 0;
		for (const _ of eventsOf(queue, key, until, fromMs)) events++;
		if (events > 0) counts.push({ key, events });
	}
	const share = equalShare(
		counts.map(({ events }) => events),
		eventsMax,
	);
	let first = until;
	let events = 0;
	for (const { key } of counts) {
		let left = share;
		for (const ordinal of eventsOf(queue, key, until, fromMs)) {
			if (left-- === 0) break;
			since[key] = ordinal;
			events++;
		}
		first = Math.min(first, since[key] as number);
	}
	return { since, fromMs, first, events };
}

/** Ordinals of a key's events in the window, the last one first. */
function* eventsOf(
	queue: RingQueue,
	key: number,
	until: number,
	fromMs: number,
): Generator<number, void> {
	let ordinal = queue.devices.newestOf(key);
	for (; ordinal >= 0; ordinal = queue.previousOfDevice(ordinal))
		if (
			ordinal < until &&
			(queue.timestamp[ordinal % queue.capacity] as number) >= fromMs
		)
			yield ordinal;
}

/** The most events of each key with which all keys together stay within the bound. */
function equalShare(counts: readonly number[], max: number): number {
	const rising = counts.toSorted((a, b) => a - b);
	let left = max;
	for (const [i, count] of rising.entries()) {
		const keys = rising.length - i;
		if (count * keys > left) return Math.max(1, Math.floor(left / keys));
		left -= count;
	}
	return Infinity;
}
