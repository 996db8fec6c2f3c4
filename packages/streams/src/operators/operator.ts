/**
 * What all operators share. An operator is a plain Stage that also says which streams it reads and
 * writes, so that a topology can be checked and drawn.
 */
import type { z } from "zod";
import type { LogRecord } from "../log.ts";
import { decodeJson, type StageRecord } from "../stage/define-stage.ts";
import { eventTimeOf } from "../stage/keyed-steps.ts";
import type { OutputRecord, Stage } from "../stage/stage.ts";

/** A topic and the JSON values in it. The result of defineStream fits. */
export interface Stream<V> {
	/** The topic. */
	readonly name: string;
	readonly schema: z.ZodType<V>;
	/**
	 * The event time of a value, ms since 1970; timestamp: of its record. Throws DeadLetter for a
	 * value without one. Default: the record's timestamp.
	 */
	time?(value: V, timestamp: number): number;
}

/** The streams of an operator. */
export interface OperatorGraph {
	/** Such as "windowed" or "joinTable". */
	readonly operator: string;
	/** In the order that decides between records of the same time. */
	readonly inputs: readonly Stream<unknown>[];
	/** Tables that every task reads whole. Default: none. */
	readonly tables?: readonly Stream<unknown>[];
	readonly output: Stream<unknown>;
	readonly sideOutputs: readonly Stream<unknown>[];
}

export interface Operator<I, S, O> extends Stage<I, S, O> {
	readonly graph: OperatorGraph;
}

/** An output of an operator: a value for a stream. */
export interface StreamOutput<V = unknown> {
	readonly to: Stream<V>;
	readonly key: string;
	readonly value: V;
	readonly timestamp: number;
}

/** A stream of a name and a schema. */
export const stream = <V>(name: string, schema: z.ZodType<V>): Stream<V> => ({
	name,
	schema,
});

/** A hand-written stage as an operator, so that it can be a part of a topology. */
export const operator = <I, S, O>(
	stage: Stage<I, S, O>,
	graph: {
		inputs: readonly Stream<unknown>[];
		output: Stream<unknown>;
		sideOutputs?: readonly Stream<unknown>[];
	},
): Operator<I, S, O> => ({
	...stage,
	graph: { operator: "stage", sideOutputs: [], ...graph },
});

/** Writes outputs of the given main stream and of any other as a side output. */
export const encodeTo =
	(main: Stream<unknown>) =>
	({ to, key, value, timestamp }: StreamOutput): OutputRecord => ({
		...(to.name === main.name ? {} : { topic: to.name }),
		key,
		// An output that its own schema rejects is a bug of the operator's functions, not a fault of
		// the record: the stage stops.
		value: JSON.stringify(to.schema.parse(value)),
		timestamp,
	});

/** Decodes records of one stream, with the event time that the operator or the stream says. */
export const decoderOf = <V>(
	input: Stream<V>,
	time: ((value: V, timestamp: number) => number) | undefined = input.time,
): ((record: LogRecord) => StageRecord<V>) =>
	time === undefined
		? (record) => decodeJson(record, input.schema)
		: (record) => {
				const decoded = decodeJson(record, input.schema);
				const timestamp = time(decoded.value, decoded.timestamp);
				return { ...decoded, timestamp };
			};

/**
 * For a stage of several inputs: the event time of a record as its stream says it, so that records
 * are taken in this order. A record that says none keeps that of its header or timestamp; the step
 * refuses it in its turn.
 */
export function recordTimes(
	inputs: readonly Stream<unknown>[],
): Pick<AnyOperator, "recordTime"> {
	if (inputs.every(({ time }) => time === undefined)) return {};
	const times = new Map(inputs.map(({ name, time }) => [name, time]));
	return {
		recordTime: (record) => {
			const timestamp = eventTimeOf(record);
			const time = times.get(record.topic);
			if (time === undefined || record.value === null) return timestamp;
			try {
				return time(JSON.parse(record.value.toString("utf8")), timestamp);
			} catch {
				return timestamp;
			}
		},
	};
}

/** The event time of a decoded record. */
export const timestampOf = ({ timestamp }: { timestamp: number }): number =>
	timestamp;

/** Any operator, whatever its records and states are. */
// biome-ignore lint/suspicious/noExplicitAny: only the parts of one stage fit each other.
export type AnyOperator = Operator<any, any, any>;

/** The streams that a stage reads, broadcast tables too. */
export const readsOf = ({ graph }: AnyOperator): readonly Stream<unknown>[] => [
	...graph.inputs,
	...(graph.tables ?? []),
];

/** The streams that a stage writes. */
export const writesOf = ({
	graph,
}: AnyOperator): readonly Stream<unknown>[] => [
	graph.output,
	...graph.sideOutputs,
];
