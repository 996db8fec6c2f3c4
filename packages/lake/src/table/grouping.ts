import {
	type Partitioning,
	type PartitionValue,
	partitionOf,
} from "../iceberg/partition.ts";
import type { Rows } from "../ports.ts";

export interface Grouping {
	/** For each row the index of its partition in `partitions`. */
	readonly groups: Int32Array;
	readonly partitions: readonly PartitionValue[];
}

/** timeColumn: its index among the columns of the rows. */
export function groupByPartition(
	rows: Rows,
	timeColumn: number,
	per: Partitioning["per"],
): Grouping {
	const groups = new Int32Array(rows.count);
	const indexes = new Map<PartitionValue, number>();
	const times = rows.columns[timeColumn] ?? [];
	for (let row = 0; row < rows.count; row += 1) {
		const time = times[row];
		const partition =
			typeof time === "number" || typeof time === "bigint"
				? partitionOf(per, time)
				: null;
		let index = indexes.get(partition);
		if (index === undefined) {
			index = indexes.size;
			indexes.set(partition, index);
		}
		groups[row] = index;
	}
	return { groups, partitions: [...indexes.keys()] };
}
