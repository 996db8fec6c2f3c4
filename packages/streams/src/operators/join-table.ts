/**
 * Joins each record of a stream with a table's newest value of the same key at that moment. The
 * table is kept in the stage's state and comes back after a crash.
 *
 * At the same event time the table's update comes first. An update that comes later changes nothing
 * of what was written before.
 */
import { isUtf8 } from "node:buffer";
import type { z } from "zod";
import { DeadLetter } from "../errors.ts";
import type { LogRecord } from "../log.ts";
import { decodeJson, type StageRecord } from "../stage/define-stage.ts";
import {
	decoderOf,
	encodeTo,
	type Operator,
	recordTimes,
	type Stream,
	type StreamOutput,
} from "./operator.ts";
import { formatOf, type StateFormat } from "./state-format.ts";

export interface JoinTableDefinition<V, T, R> {
	readonly name: string;
	readonly input: Stream<V>;
	/**
	 * A stream whose newest record of a key is the key's value; a record without a value deletes
	 * it. It must have as many partitions as the input, and the same keys.
	 */
	readonly table: Stream<T>;
	readonly output: Stream<R>;
	/** How the table's values are stored. Default: by the table's schema. */
	readonly stored?: z.ZodType<T> | StateFormat<T>;
	/** row: undefined if the table does not have the key. undefined: no output. */
	join(record: StageRecord<V>, row: T | undefined): R | undefined;
}

/** A decoded record of either input. update: undefined: not of the table; null: a deletion. */
export type JoinTableInput<V, T> =
	| { readonly key: string; readonly record: StageRecord<V> }
	| { readonly key: string; readonly update: T | null };

export function joinTable<V, T, R>({
	name,
	input,
	table,
	output,
	stored,
	join,
}: JoinTableDefinition<V, T, R>): Operator<
	JoinTableInput<V, T>,
	T,
	StreamOutput
> {
	if (input.name === table.name)
		throw new Error(
			`the stage ${name} joins ${input.name} with itself: give the table another topic`,
		);
	const format = formatOf<T>(stored ?? table.schema);
	const decodeInput = decoderOf(input);
	const inputs = [table, input] as Stream<unknown>[];
	return {
		name,
		...recordTimes(inputs),
		graph: {
			operator: "joinTable",
			// The table first: see the comment at the top.
			inputs,
			output: output as Stream<unknown>,
			sideOutputs: [],
		},
		config: { table: table.name },
		decode: (record) => {
			if (record.topic !== table.name) {
				const decoded = decodeInput(record);
				return { key: decoded.key, record: decoded };
			}
			if (record.value !== null) {
				const { key, value } = decodeJson(record, table.schema);
				return { key, update: value };
			}
			return { key: keyOfDeletion(record), update: null };
		},
		keyOf: ({ key }) => key,
		step: (row, one) => {
			if ("update" in one) {
				if (one.update !== null) format.check(one.update);
				return { state: one.update };
			}
			const { record } = one;
			const value = join(record, row);
			if (value === undefined) return { outputs: [] };
			const { key, timestamp } = record;
			return {
				outputs: [{ to: output as Stream<unknown>, key, value, timestamp }],
			};
		},
		encodeOutput: encodeTo(output as Stream<unknown>),
		state: {
			encode: (row) => JSON.stringify(format.toJson(row)),
			decode: (_key, text) => format.fromJson(JSON.parse(text)),
		},
	};
}

/** Refuses with bad-key. */
function keyOfDeletion({ key }: LogRecord): string {
	if (key === null || !isUtf8(key))
		throw new DeadLetter("bad-key", "the key is not UTF-8 text");
	return key.toString("utf8");
}
