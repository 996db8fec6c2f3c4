/** Checks whether the log still has the next records, and is still the same log. */
import type { OffsetRange } from "@fireworks/streams";

/** Why a reader at `next` cannot go on in a topic with these ranges. */
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

/**
 * Why this is not the topic that was read before. A topic that was deleted and recreated under its
 * name has another id, while its offsets alone may look unchanged. Empty, undefined: the id is
 * unknown.
 */
export const replaced = (
	read: string,
	now: string | undefined,
): string | undefined =>
	read && now && read !== now
		? `the topic was deleted and made again: its id is ${now}, before ${read}`
		: undefined;
