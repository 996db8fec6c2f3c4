/** A place in this pod's queue, and its meaning for other pods. */

export interface Place {
	/** Number of the next event, counted by this pod from its start and never reused. */
	readonly ordinal: number;
	/** Next offset of each partition: the position that clients hold. */
	readonly next: readonly number[];
}

/** The later of two offsets, partition by partition. */
export const latest = (a: readonly number[], b: readonly number[]): number[] =>
	a.map((offset, p) => Math.max(offset, b[p] ?? 0));
