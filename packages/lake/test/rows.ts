/** A table of measurements, and rows for it that follow from their offsets. */
import type { Column, Rows, TableDefinition } from "../src/index.ts";

export const COLUMNS: readonly Column[] = [
	{ name: "device", type: "string", required: true },
	{ name: "time", type: "timestamptz", required: true },
	{ name: "value", type: "double", required: false },
	{ name: "kafka_partition", type: "int", required: true },
	{ name: "kafka_offset", type: "long", required: true },
];

export const definition = (change: Partial<TableDefinition> = {}) => ({
	name: "measurements",
	columns: COLUMNS,
	partitionBy: { column: "time", per: "hour" as const },
	topicId: "topic-1",
	...change,
});

/** 2026-01-01, in microseconds. */
export const START = 1_767_225_600_000_000n;
const SECOND = 1_000_000n;

/** The rows of these offsets of a partition, one for each second from START. */
export function rowsOf(partition: number, from: number, count: number): Rows {
	const offsets = Array.from({ length: count }, (_, index) => from + index);
	return {
		count,
		columns: [
			offsets.map((offset) => `device-${offset % 7}`),
			offsets.map((offset) => START + BigInt(offset) * SECOND),
			offsets.map((offset) => offset / 8),
			offsets.map(() => partition),
			offsets,
		],
	};
}
