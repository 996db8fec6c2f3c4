/** Whether the log still has what comes next. */
import type { OffsetRange } from "@fireworks/streams";

/** Why a reader at `next` cannot go on in a topic of these ranges. */
export function contradiction(
	next: readonly number[],
	ranges: readonly OffsetRange[],
): string | undefined {
	if (next.length !== ranges.length)
		return `the topic has ${ranges.length} partitions`;
	for (const [p, { low, high }] of ranges.entries()) {
		const offset = next[p] ?? 0;
		if (offset > high)
			return `partition ${p} ends at ${high}, before ${offset}`;
		if (offset < low) return `partition ${p} begins at ${low}, after ${offset}`;
	}
	return undefined;
}
