/** The records of one side of a stream-stream join that wait for their partners. */

export interface Waiting<V> {
	readonly time: number;
	readonly value: V;
	/** Whether it was in a result already. */
	readonly matched: boolean;
}

/** Sorted by time; records of the same time in the order in which they came. */
export function insert<V>(
	waiting: readonly Waiting<V>[],
	one: Waiting<V>,
): readonly Waiting<V>[] {
	let i = waiting.length;
	while (i > 0 && (waiting[i - 1] as Waiting<V>).time > one.time) i--;
	return waiting.toSpliced(i, 0, one);
}

export const isBetween = (
	{ time }: Waiting<unknown>,
	from: number,
	to: number,
): boolean => from <= time && time <= to;

/** Marks the records between two times as matched. Returns the same array if nothing changes. */
export const markMatched = <V>(
	waiting: readonly Waiting<V>[],
	from: number,
	to: number,
): readonly Waiting<V>[] =>
	waiting.some((one) => !one.matched && isBetween(one, from, to))
		? waiting.map((one) =>
				isBetween(one, from, to) ? { ...one, matched: true } : one,
			)
		: waiting;
