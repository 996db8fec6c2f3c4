/**
 * Joins each record of a stream with a row of a small table, found by a key that is computed from
 * the record. Every process has the whole table, so neither keys nor partitions have to fit.
 *
 * The row is the newest one known at that moment. Records and rows are not ordered by event time.
 * A partition never sees an older row of a key after a newer one, also not across a crash. But a
 * record that is processed again, because its transaction was not committed, can meet a newer row.
 */
import { decodeJson, type StageRecord } from "../stage/define-stage.ts";
import type { Stream } from "./operator.ts";
import { outputOf, type Stateless, stateless } from "./stateless.ts";

export interface JoinBroadcastDefinition<V, T, R> {
	readonly name: string;
	readonly input: Stream<V>;
	/**
	 * A stream whose newest record of a key is the key's row; a record without a value deletes it.
	 * It can have any number of partitions. Its topic must keep the newest record of each key, by
	 * compaction or without end, because it is read from its start. At most 100,000 rows and 64 MB.
	 */
	readonly table: Stream<T>;
	readonly output: Stream<R>;
	/** The key of the row. undefined: none, so `join` gets no row. */
	lookup(record: StageRecord<V>): string | undefined;
	/** row: undefined if the table does not have the key. undefined: no output. */
	join(record: StageRecord<V>, row: T | undefined): R | undefined;
}

export function joinBroadcast<V, T, R>({
	name,
	input,
	table,
	output,
	lookup,
	join,
}: JoinBroadcastDefinition<V, T, R>): Stateless<V> {
	if (input.name === table.name)
		throw new Error(
			`the stage ${name} joins ${input.name} with itself: give the table another topic`,
		);
	const stage = stateless<V>(
		name,
		"joinBroadcast",
		{
			input,
			output: output as Stream<unknown>,
			tables: [table as Stream<unknown>],
		},
		(record, { broadcast }) => {
			const key = lookup(record);
			const row = key === undefined ? undefined : broadcast.get(key);
			const value = join(record, row as T | undefined);
			return value === undefined ? [] : [outputOf(output, record, { value })];
		},
	);
	return {
		...stage,
		broadcast: {
			topic: table.name,
			decode: (record) =>
				record.value === null ? null : decodeJson(record, table.schema).value,
		},
	};
}
