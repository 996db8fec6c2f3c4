/**
 * Which files to merge. Files of a partition are in tiers by their size. When a tier is full, its
 * files and all smaller ones become one file, of the next tier. So each row is rewritten once for
 * each tier at most, and a partition has few files at any time.
 */
import type { LiveEntry } from "../iceberg/live-entries.ts";

/** Below these sizes a file is in the tier of that index; above the last one it stays as it is. */
const TIER_BYTES = [64, 512, 4 * 1024, 32 * 1024].map((kib) => kib * 1024);

const FULL_TIER = 8;

/** A merged file has about this many bytes at most. */
const TARGET_BYTES = 128 * 1024 * 1024;

/** DuckDB keeps the files of a merge open. */
const MAX_SOURCES = 500;

/** What one call merges. One merge is always made, however large it is. */
const MAX_BYTES_PER_PLAN = 64 * 1024 * 1024;

const bytesOf = ({ data_file }: LiveEntry) =>
	Number(data_file.file_size_in_bytes);

/** TIER_BYTES.length: large enough. */
function tierOf(entry: LiveEntry): number {
	const tier = TIER_BYTES.findIndex((bytes) => bytesOf(entry) < bytes);
	return tier < 0 ? TIER_BYTES.length : tier;
}

/** Names the partition of a file. */
export const partitionKey = ({
	data_file,
}: Pick<LiveEntry, "data_file">): string =>
	JSON.stringify(Object.values(data_file.partition));

/**
 * Groups of files to merge into one each. isQuiet: whether a partition gets no new rows for now:
 * what is there is merged even if no tier is full.
 */
export function planMerges(
	entries: readonly LiveEntry[],
	isQuiet: (partition: string) => boolean,
): LiveEntry[][] {
	const partitions = Map.groupBy(entries, partitionKey);
	const merges: LiveEntry[][] = [];
	let bytes = 0;
	for (const [partition, files] of partitions) {
		const merge = mergeOf(files, isQuiet(partition));
		if (merge.length < 2) continue;
		const size = sum(merge);
		if (merges.length > 0 && bytes + size > MAX_BYTES_PER_PLAN) continue;
		merges.push(merge);
		bytes += size;
	}
	return merges;
}

function mergeOf(files: readonly LiveEntry[], quiet: boolean): LiveEntry[] {
	const small = files
		.map((entry) => ({ entry, tier: tierOf(entry) }))
		.filter(({ tier }) => tier < TIER_BYTES.length);
	const fullest = TIER_BYTES.findLastIndex(
		(_, tier) => small.filter((file) => file.tier === tier).length >= FULL_TIER,
	);
	const highest = quiet ? TIER_BYTES.length : fullest;
	const candidates = small
		.filter(({ tier }) => tier <= highest)
		.map(({ entry }) => entry)
		.sort((a, b) => bytesOf(a) - bytesOf(b))
		.slice(0, MAX_SOURCES);
	while (sum(candidates) > TARGET_BYTES) candidates.pop();
	return candidates;
}

const sum = (entries: readonly LiveEntry[]) =>
	entries.reduce((bytes, entry) => bytes + bytesOf(entry), 0);
