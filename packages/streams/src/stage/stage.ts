/**
 * A stateful stage: `step(state, record) -> { state, outputs }`, for each record of an input topic, by key.
 *
 * The runtime (run-stage.ts) gives it keyed state with a changelog, exactly-once, dead letters and restore. A stage is pure: no clock, no
 * random numbers, no I/O; the same records give the same outputs.
 */
import type { LogRecord } from "../log.ts";

/** Where a record stands, and what a step may count. */
export interface StepContext {
	readonly partition: number;
	/** Partitions of the input, of the output and of the changelog alike. */
	readonly partitions: number;
	/** Adds one to the stage's counter of that name (a metric, `fireworks_stage_events_total`). */
	count(event: string): void;
}

/** What a step makes of a record. state: the key's new one, null deletes it, absent leaves it as it was. */
export interface StepResult<S, O> {
	readonly state?: S | null;
	readonly outputs?: readonly O[];
}

/**
 * A record to an output topic, in the partition of the input. Strings are written as UTF-8. timestamp: event time, ms.
 * topic: one of the stage's side outputs; absent, its output.
 */
export interface OutputRecord {
	readonly topic?: string;
	readonly key: Buffer | string | null;
	readonly value: Buffer | string | null;
	readonly timestamp: number;
}

/** I: a decoded input; S: the state of a key; O: an output. */
export interface Stage<I, S, O> {
	readonly name: string;
	/** Throws DeadLetter(code, message) for a record that is none of the stage's. */
	decode(record: LogRecord, context: StepContext): I;
	/** The key of the state that the input belongs to. */
	keyOf(input: I): string;
	/** Throws DeadLetter(code, message) to refuse the record; the state then stays as it was. It must not change the state it is given. */
	step(
		state: S | undefined,
		input: I,
		context: StepContext,
	): StepResult<S, O> | undefined;
	encodeOutput(output: O): OutputRecord;
	readonly state: {
		/** The state as text in the changelog. */
		encode(state: S): string;
		/** The state in a text of the changelog. Throws where it is none. */
		decode(key: string, text: string): S;
	};
	/** What the states depend on beside the records: the changelog of another configuration is refused. */
	readonly config: Readonly<Record<string, string>>;
}
