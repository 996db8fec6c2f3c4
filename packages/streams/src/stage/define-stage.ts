/**
 * Stages of JSON records, as most are: zod schemas say what comes in, what is kept and what goes out. What the schemas refuse becomes a
 * dead letter. For full speed or other encodings write a Stage (stage.ts) by hand, as the Wiener processor is.
 */
import { isUtf8 } from "node:buffer";
import { z } from "zod";
import { DeadLetter } from "../errors.ts";
import type { LogRecord } from "../log.ts";
import type { Stage, StepContext } from "./stage.ts";

/** A record as a step sees it. timestamp: the record's own, ms since 1970. */
export interface StageRecord<V> {
	readonly key: string;
	readonly value: V;
	readonly timestamp: number;
	readonly offset: number;
}

/** What a step gives out. key, timestamp: the input's where absent. topic: a side output; the stage's output where absent. */
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
	/** What the states depend on beside the records, such as the width of a window; a changelog of another configuration is refused. */
	readonly config?: Readonly<Record<string, string>>;
	/** Pure: no clock, no random numbers, no I/O. state: the new one, null deletes, absent leaves it. Throws DeadLetter to refuse the record. */
	step(
		state: S | undefined,
		record: StageRecord<V>,
		context: StepContext,
	): { state?: S | null; outputs?: readonly StageOutput<O>[] } | undefined;
}

type Decoded<V> = StageRecord<V>;
type Encoded<O> = { record: StageRecord<unknown>; output: StageOutput<O> };

/** A stage with a state for each key: the record's key, which must be UTF-8 text. */
export function defineStage<V, S, O>(
	definition: StageDefinition<V, S, O>,
): Stage<Decoded<V>, S, Encoded<O>> {
	const { name, input, state, output, config = {} } = definition;
	return {
		name,
		config,
		decode: (record) => decodeJson(record, input),
		keyOf: (record) => record.key,
		step: (previous, record, context) => {
			const result = definition.step(previous, record, context);
			if (result?.outputs === undefined) return result as { state?: S | null };
			return {
				...(result.state === undefined ? {} : { state: result.state }),
				outputs: result.outputs.map((one) => ({ record, output: one })),
			};
		},
		encodeOutput: ({ record, output: { value, key, timestamp, topic } }) => ({
			...(topic === undefined ? {} : { topic }),
			key: key ?? record.key,
			// What a step gives out against its own schema is a fault of the stage, not of the record.
			value: JSON.stringify(output.parse(value)),
			timestamp: timestamp ?? record.timestamp,
		}),
		state: {
			encode: (value) => JSON.stringify(value),
			decode: (_key, text) => state.parse(JSON.parse(text)),
		},
	};
}

/** A stage without state: map (one output), filter (none), route (outputs that name topics). */
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

/** Codes: no-value, bad-encoding, bad-json, bad-field, bad-key. */
function decodeJson<V>(record: LogRecord, schema: z.ZodType<V>): Decoded<V> {
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
