/**
 * Reads the resets of devices from the processor's changelog. A reset ends a device's path and
 * begins the next one.
 */
import { RESET_PREFIX } from "@fireworks/contracts";
import { type Log, resetsIn } from "@fireworks/streams";
import { CouldNotTell } from "./could-not-tell.ts";
import { openTopicFeed } from "./topic-feed.ts";

/** Most devices with resets, because their offsets are held in memory. */
const DEVICES_MAX = 100_000;

/**
 * By device, the ascending input offsets at which it was reset. Reads the whole changelog as it is
 * now.
 */
export async function readResets(
	log: Log,
	changelogTopic: string,
	signal: AbortSignal,
): Promise<ReadonlyMap<string, readonly number[]>> {
	const resets = new Map<string, readonly number[]>();
	const ranges = (await log.offsets(changelogTopic)) ?? [];
	const ends = (await log.ends(changelogTopic)) ?? [];
	const held = ranges.flatMap(({ partition, low }) => {
		const end = ends[partition] ?? low;
		return low < end ? [{ partition, low, end }] : [];
	});
	if (held.length === 0) return resets;
	const feed = await openTopicFeed(
		log,
		held.map(({ partition, low: from, end }) => ({
			topic: changelogTopic,
			partition,
			from,
			end,
		})),
		signal,
	);
	try {
		await Promise.all(
			held.map(async ({ partition }) => {
				for await (const records of feed.stream(changelogTopic, partition))
					for (const record of records) {
						const key = String(record.key);
						if (!key.startsWith(RESET_PREFIX) || record.value === null)
							continue;
						const { at } = resetsIn(record);
						resets.set(key.slice(RESET_PREFIX.length), at.map(Number));
						if (resets.size > DEVICES_MAX)
							throw new CouldNotTell(
								`${changelogTopic} has resets of more than ${DEVICES_MAX} devices`,
							);
					}
			}),
		);
	} finally {
		await feed.close();
	}
	return resets;
}
