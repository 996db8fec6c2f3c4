/** The newest records of some partitions, found from the end backwards. */
import type { LogRecord, OffsetRange } from "@fireworks/streams";
import type { LogAdmin } from "@fireworks/streams/admin";
import { type Range, readRanges } from "./read-range.ts";

/** How far back to look at first: ends of transactions take offsets too. */
const LOOK_BACK = 20;

/**
 * Looks at more and more of each partition until `enough`, or until all is read or further back
 * than `backMax` offsets.
 */
export async function lookBack(
	admin: Pick<LogAdmin, "fetch">,
	topics: ReadonlyMap<string, readonly OffsetRange[]>,
	enough: (topic: string, partition: number) => boolean,
	onRecords: (records: readonly LogRecord[]) => void,
	{ first = LOOK_BACK, backMax = Number.POSITIVE_INFINITY } = {},
): Promise<void> {
	let open: Range[] = [...topics].flatMap(([topic, ranges]) =>
		ranges.map(({ partition, high }) => ({
			topic,
			partition,
			from: high,
			end: high,
		})),
	);
	const lows = new Map(
		[...topics].flatMap(([topic, ranges]) =>
			ranges.map(({ partition, low }) => [`${topic}/${partition}`, low]),
		),
	);
	for (let back = first; open.length > 0; back *= 4) {
		const step = open.map(({ topic, partition, from }) => {
			const low = lows.get(`${topic}/${partition}`) as number;
			return { topic, partition, from: Math.max(low, from - back), end: from };
		});
		for await (const records of readRanges(admin, step)) onRecords(records);
		open = step.filter(
			({ topic, partition, from }) =>
				from > (lows.get(`${topic}/${partition}`) as number) &&
				back < backMax &&
				!enough(topic, partition),
		);
	}
}
