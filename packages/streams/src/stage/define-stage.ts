/**
 * Stages of JSON records, the most common kind. zod schemas define the input, the state and the
 * output. A record that the input schema rejects becomes a dead letter. For full speed or another
 * encoding write a Stage (stage.ts) by hand, as the Wiener processor does.
 */
import { isUtf8 } from "node:buffer";
import { z } from "zod";
import { DeadLetter } from "../errors.ts";
import type { LogRecord } from "../log.ts";
import { jsonState } from "./json-state.ts";
import type { Broadcast, Stage, StepContext, StepResult } from "./stage.ts";

/** A record as the step sees it. timestamp: the record's own, ms since 1970. */
export interface StageRecord<V> {
	readonly key: string;
	readonly value: V;
	readonly timestamp: number;
	readonly offset: number;
}

/**
 * One output of a step. key, timestamp: default to the input's. topic: a side output; the default
 * is the stage's output.
 */
export interface StageOutput<O> {
	readonly value: O;
	readonly key?: string;
	readonly timestamp?: number;
	readonly topic?: string;
}

export interface StageDefinition<V, S, O> {
	readonly name: string;
	readonly input: z.ZodType<V>;
	readonly state: z.ZodType<S>;
	readonly output: z.ZodType<O>;
	/**
	 * Everything that the states depend on apart from the records, such as the width of a window. A
	 * changelog that was written with another configuration is refused.
	 */
	readonly config?: Readonly<Record<string, string>>;
	/**
	 * Must be pure: no clock, no random numbers, no I/O. state: the new state; null deletes it,
	 * absent keeps it. Throws DeadLetter to refuse the record.
	 */
	step(
		state: S | undefined,
		record: StageRecord<V>,
		context: StepContext,
	): StageStepResult<S, O>;
	/** The event time of a record, ms since 1970. A stage with `timeOf` or `onTimer` has a clock. */
	timeOf?(record: StageRecord<V>): number;
	/** Called when the clock reaches a time that a step has scheduled for the key. */
	onTimer?(
		state: S | undefined,
		key: string,
		at: number,
		context: StepContext,
	): StageStepResult<S, O>;
	readonly futureMaxMs?: number;
	readonly broadcast?: Broadcast<unknown>;
}

type StageStepResult<S, O> =
	| { state?: S | null; outputs?: readonly StageOutput<O>[] }
	| undefined;

type Decoded<V> = StageRecord<V>;
/** from: gives an output the key and the timestamp that it does not name. */
type Encoded<O> = {
	from: Pick<StageRecord<unknown>, "key" | "timestamp">;
	output: StageOutput<O>;
};

/** A stage with one state for each record key. Keys must be UTF-8 text. */
export function defineStage<V, S, O>(
	definition: StageDefinition<V, S, O>,
): Stage<Decoded<V>, S, Encoded<O>> {
	const { name, input, output, config = {}, onTimer, timeOf } = definition;
	const { futureMaxMs, broadcast } = definition;
	const state = jsonState(definition.state);
	const resultOf = (
		result: StageStepResult<S, O>,
		from: Encoded<O>["from"],
	): StepResult<S, Encoded<O>> | undefined => {
		if (result?.state != null) state.check(result.state);
		if (result?.outputs === undefined) return result as { state?: S | null };
		return {
			...(result.state === undefined ? {} : { state: result.state }),
			outputs: result.outputs.map((one) => ({ from, output: one })),
		};
	};
	return {
		name,
		config,
		decode: (record) => decodeJson(record, input),
		keyOf: (record) => record.key,
		step: (previous, record, context) =>
			resultOf(definition.step(previous, record, context), record),
		encodeOutput: ({ from, output: { value, key, timestamp, topic } }) => ({
			...(topic === undefined ? {} : { topic }),
			key: key ?? from.key,
			// An output that its own schema rejects is a bug of the stage, not a fault of the
			// record.
			value: JSON.stringify(output.parse(value)),
			timestamp: timestamp ?? from.timestamp,
		}),
		state: { encode: state.encode, decode: state.decode },
		...(timeOf === undefined ? {} : { timeOf }),
		...(futureMaxMs === undefined ? {} : { futureMaxMs }),
		...(broadcast === undefined ? {} : { broadcast }),
		...(onTimer === undefined
			? {}
			: {
					onTimer: (previous, key, at, context) =>
						resultOf(onTimer(previous, key, at, context), {
							key,
							timestamp: at,
						}),
				}),
	};
}

/**
 * A stage without state. It can map (one output), filter (no output) or route (outputs that name
 * topics).
 */
export function defineStateless<V, O>(
	definition: Pick<
		StageDefinition<V, never, O>,
		"name" | "input" | "output"
	> & {
		outputs(
			record: StageRecord<V>,
			context: StepContext,
		): readonly StageOutput<O>[];
	},
): Stage<Decoded<V>, never, Encoded<O>> {
	const { name, input, output, outputs } = definition;
	return defineStage({
		name,
		input,
		output,
		state: z.never(),
		step: (_state, record, context) => ({ outputs: outputs(record, context) }),
	});
}

/** Refuses with these codes: no-value, bad-encoding, bad-json, bad-field, bad-key. */
export function decodeJson<V>(
	record: LogRecord,
	schema: z.ZodType<V>,
): Decoded<V> {
	const { key, value, timestamp, offset } = record;
	if (value === null || value.length === 0)
		throw new DeadLetter("no-value", "the record has no value");
	if (!isUtf8(value))
		throw new DeadLetter("bad-encoding", "the value is not UTF-8");
	if (key === null || !isUtf8(key))
		throw new DeadLetter("bad-key", "the key is not UTF-8 text");
	let json: unknown;
	try {
		json = JSON.parse(value.toString("utf8"));
	} catch (error) {
		throw new DeadLetter("bad-json", (error as Error).message);
	}
	const parsed = schema.safeParse(json);
	if (!parsed.success)
		throw new DeadLetter("bad-field", z.prettifyError(parsed.error));
	return { key: key.toString("utf8"), value: parsed.data, timestamp, offset };
}
