/** The topic as it is now: its id, and the ends of its partitions. */
import type { OffsetRange } from "@fireworks/streams";
import type { ReadableLog } from "./readable-log.ts";

export interface TopicNow {
	/** Undefined: the broker has no ids. */
	readonly id: string | undefined;
	/** In order of partition, at least one. */
	readonly ranges: readonly OffsetRange[];
}

/** The topic does not exist. Tried again soon: it may be in the middle of being recreated. */
export class NoTopic extends Error {}

/** Reads of a topic that is recreated during each of them. */
const READS_MAX = 3;

/**
 * Reads id and ends of one and the same topic. A topic that is deleted and recreated between the
 * two reads would give the old id with the new ends, and records of the new topic would be taken
 * for the old one's. So the id is read again afterwards, and everything again if it differs.
 */
export async function topicNow(
	log: ReadableLog,
	topic: string,
): Promise<TopicNow> {
	let id = await log.topicId(topic);
	for (let reads = 0; reads < READS_MAX; reads++) {
		const ranges = await rangesOf(log, topic);
		const idAfterwards = await log.topicId(topic);
		if (idAfterwards === id) return { id, ranges };
		id = idAfterwards;
	}
	throw new Error(
		`the topic ${topic} was deleted and recreated ${READS_MAX} times while its ends were read`,
	);
}

/** Throws NoTopic if the topic does not exist. */
export async function rangesOf(
	log: ReadableLog,
	topic: string,
): Promise<readonly OffsetRange[]> {
	const ranges = await log.offsets(topic);
	if (ranges === undefined || ranges.length === 0)
		throw new NoTopic(`there is no topic ${topic} yet`);
	return ranges;
}
