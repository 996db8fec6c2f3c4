/** Rows of the statements as series of the answer. */

export interface RawSeries {
	readonly key: string | null;
	readonly measure: string;
	readonly raw: true;
	/** Event times, ms since 1970. */
	readonly time: number[];
	readonly value: (number | null)[];
	readonly partition: number[];
	readonly offset: number[];
}

export interface BucketSeries {
	readonly key: string | null;
	readonly measure: string;
	/** The start of each bucket that has rows, ms since 1970. */
	readonly time: number[];
	readonly first: (number | null)[];
	readonly last: (number | null)[];
	readonly min: (number | null)[];
	readonly max: (number | null)[];
	/** Values that are not null. */
	readonly count: number[];
}

export type Series = RawSeries | BucketSeries;

/** A row of a statement: its values by column. */
export type Row = readonly (string | number | null)[];

const text = (value: Row[number] | undefined): string | null =>
	(value ?? null) as string | null;
const number = (value: Row[number] | undefined): number | null =>
	(value ?? null) as number | null;
const certain = (value: Row[number] | undefined): number => value as number;

/** The series of each key, one for each measure, in the order of the rows. */
export function rawSeries(
	rows: Iterable<Row>,
	measures: readonly string[],
): RawSeries[] {
	return byKey(
		rows,
		(key): RawSeries[] =>
			measures.map((measure) => ({
				key,
				measure,
				raw: true as const,
				time: [],
				value: [],
				partition: [],
				offset: [],
			})),
		([, time, partition, offset, ...values], series) => {
			for (const [i, one] of series.entries()) {
				one.time.push(certain(time));
				one.partition.push(certain(partition));
				one.offset.push(certain(offset));
				one.value.push(number(values[i]));
			}
		},
	);
}

export function bucketSeries(
	rows: Iterable<Row>,
	measures: readonly string[],
	from: number,
	bucketMs: number,
): BucketSeries[] {
	return byKey(
		rows,
		(key): BucketSeries[] =>
			measures.map((measure) => ({
				key,
				measure,
				time: [],
				first: [],
				last: [],
				min: [],
				max: [],
				count: [],
			})),
		([, bucket, ...values], series) => {
			for (const [i, one] of series.entries()) {
				const [first, last, min, max, count] = values.slice(5 * i);
				one.time.push(from + certain(bucket) * bucketMs);
				one.first.push(number(first));
				one.last.push(number(last));
				one.min.push(number(min));
				one.max.push(number(max));
				one.count.push(certain(count));
			}
		},
	);
}

/** The rows of a key are next to each other. */
function byKey<S>(
	rows: Iterable<Row>,
	begin: (key: string | null) => S[],
	add: (row: Row, series: S[]) => void,
): S[] {
	const all: S[] = [];
	let key: string | null | undefined;
	let current: S[] = [];
	for (const row of rows) {
		if (text(row[0]) !== key) {
			key = text(row[0]);
			current = begin(key);
			all.push(...current);
		}
		add(row, current);
	}
	return all;
}
