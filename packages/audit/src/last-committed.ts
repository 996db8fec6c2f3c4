/** The last committed record of each partition: the end of a topic that a reader can reach. */
import type { Log, OffsetRange } from "@fireworks/streams";
import { openTopicFeed } from "./topic-feed.ts";

/** How far before an end the last record is first looked for. */
const TAIL_RECORDS = 2_000;

export interface LastCommittedOptions {
	log: Log;
	topic: string;
	signal: AbortSignal;
}

/**
 * By partition, the offset of the last committed record below the range's end. Partitions without
 * one are left out.
 */
export async function lastCommitted(
	options: LastCommittedOptions,
	ranges: readonly OffsetRange[],
	tail = TAIL_RECORDS,
): Promise<Map<number, number>> {
	const { log, topic, signal } = options;
	const tails = ranges
		.filter(({ low, high }) => low < high)
		.map(({ partition, low, high: end }) => ({
			topic,
			partition,
			from: Math.max(low, end - tail),
			end,
		}));
	const last = new Map<number, number>();
	if (tails.length === 0) return last;
	const feed = await openTopicFeed(log, tails, signal);
	try {
		for (const { partition } of tails) {
			for await (const records of feed.stream(topic, partition)) {
				const record = records.at(-1);
				if (record !== undefined) last.set(partition, record.offset);
			}
		}
	} finally {
		await feed.close();
	}
	const further = ranges.filter(
		({ partition, low, high }) => !last.has(partition) && high - tail > low,
	);
	for (const [p, offset] of await lastCommitted(options, further, tail * 100))
		last.set(p, offset);
	return last;
}
