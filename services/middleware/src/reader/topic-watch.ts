/**
 * Checks regularly whether the reader can go on: whether the topic is still the same, still has the
 * next records, and whether the reader gets them.
 */
import type { OffsetRange } from "@fireworks/streams";
import { type Clock, delay } from "@fireworks/time";
import { LAG_POLL_MS, TOPIC_POLL_MS } from "../limits.ts";
import { contradiction, replaced } from "./contradiction.ts";
import type { LagTracker } from "./lag-tracker.ts";
import type { ReadableLog, ReadPosition } from "./readable-log.ts";
import { rangesOf } from "./topic-now.ts";

export interface Watched {
	log: ReadableLog;
	topic: string;
	queue: ReadPosition;
	lag: LagTracker;
	clock: Clock;
}

/** Throws if the reader must be opened again, and says why. Returns when the signal is aborted. */
export async function watchTopic(
	watched: Watched,
	signal: AbortSignal,
): Promise<void> {
	await Promise.race([watchId(watched, signal), watchEnds(watched, signal)]);
}

async function watchId(
	{ log, topic, queue, clock }: Watched,
	signal: AbortSignal,
): Promise<void> {
	for (;;) {
		await delay(clock, TOPIC_POLL_MS, signal);
		if (signal.aborted) return;
		// If the id cannot be read, the reader itself fails too, or reads on.
		const id = await log.topicId(topic).catch(() => undefined);
		const why = replaced(queue.stream, id);
		if (why !== undefined && !signal.aborted) throw new Error(why);
	}
}

async function watchEnds(watched: Watched, signal: AbortSignal): Promise<void> {
	const { log, topic, clock } = watched;
	for (;;) {
		await delay(clock, LAG_POLL_MS, signal);
		if (signal.aborted) return;
		// If the ends cannot be read, the reader itself fails too, or reads on.
		const ranges = await rangesOf(log, topic).catch(() => undefined);
		if (ranges === undefined || signal.aborted) continue;
		const why = whyNotReading(watched, ranges);
		if (why !== undefined) throw new Error(why);
	}
}

function whyNotReading(
	{ queue, lag, clock }: Watched,
	ranges: readonly OffsetRange[],
): string | undefined {
	const why = contradiction(queue.next, ranges);
	if (why !== undefined) return why;
	const now = clock.monotonicMs();
	const ends = ranges.map(({ high }) => high);
	lag.seen(ends, queue.next, now);
	const silent = lag.stalled(now);
	return silent === undefined
		? undefined
		: `no records of partition ${silent} arrive, although its end moves on`;
}
