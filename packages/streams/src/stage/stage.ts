/**
 * A stateful stage: `step(state, record) -> { state, outputs }`, for each record of its input
 * topics, by key.
 *
 * The runtime (run-stage.ts) adds keyed state with a changelog, exactly-once processing, dead
 * letters, timers and restore. A stage must be pure, without clock, random numbers or I/O: the same
 * records give the same outputs.
 */
import type { LogRecord } from "../log.ts";

/** Where a record is, what time it is for the task, and what a step may count. */
export interface StepContext {
	readonly partition: number;
	/** Number of partitions of the inputs and of the changelog. */
	readonly partitions: number;
	/** Adds one to the stage's counter of that name (a metric, `fireworks_stage_events_total`). */
	count(event: string): void;
	/**
	 * The task's event-time clock, ms since 1970: the newest event time seen, including the record
	 * that is processed now. It is stored with the position and never goes back. While no records
	 * come it advances with the wall clock. Throws if the stage has neither `timeOf` nor `onTimer`.
	 */
	readonly streamTime: number;
	/**
	 * Calls `onTimer` for the current key once the clock reaches `at` (an integer, ms since 1970).
	 * The same key and time again changes nothing. A time that has passed fires directly after the
	 * step. Within `onTimer`, `at` must be later than the timer that fires.
	 */
	schedule(at: number): void;
	/**
	 * The rows of the stage's broadcast table as they are known now; empty if it has none. They can
	 * change between two records, and a record that is processed again after a failure may see
	 * newer ones.
	 */
	readonly broadcast: ReadonlyMap<string, unknown>;
}

/**
 * The result of a step. state: the key's new state; null deletes it, absent leaves it unchanged.
 */
export interface StepResult<S, O> {
	readonly state?: S | null;
	readonly outputs?: readonly O[];
}

/**
 * A record for an output topic. It goes to the partition of its own key, as Kafka's default
 * partitioner chooses it, among the partitions that its topic has. Without a key it goes to the
 * partition with the input's number, so that a task's records without a key stay in order. Strings
 * are written as UTF-8. timestamp: event time, ms. topic: one of the stage's side outputs; the
 * default is its output.
 */
export interface OutputRecord {
	readonly topic?: string;
	readonly key: Buffer | string | null;
	readonly value: Buffer | string | null;
	readonly timestamp: number;
}

/** A small table that every task has whole: the newest value of each key of a topic. */
export interface Broadcast<T> {
	/** The topic may have any number of partitions. It is read from its start. */
	readonly topic: string;
	/**
	 * The value of the record's key; null deletes it. A record that it throws for is logged and
	 * counted, and changes nothing.
	 */
	decode(record: LogRecord): T | null;
}

/** I: a decoded input; S: the state of a key; O: an output. */
export interface Stage<I, S, O> {
	readonly name: string;
	/**
	 * record.topic tells the inputs apart. Throws DeadLetter(code, message) for a record that the
	 * stage cannot process.
	 */
	decode(record: LogRecord, context: StepContext): I;
	/** The key whose state the input belongs to. */
	keyOf(input: I): string;
	/**
	 * Throws DeadLetter(code, message) to refuse the record; the state then stays unchanged. The
	 * step must not modify the state that it receives.
	 */
	step(
		state: S | undefined,
		input: I,
		context: StepContext,
	): StepResult<S, O> | undefined;
	encodeOutput(output: O): OutputRecord;
	readonly state: {
		/** The state as text in the changelog. */
		encode(state: S): string;
		/** The state from a text of the changelog. Throws if the text is not a state. */
		decode(key: string, text: string): S;
	};
	/**
	 * Everything that the states depend on apart from the records. A changelog that was written
	 * with another configuration is refused.
	 */
	readonly config: Readonly<Record<string, string>>;
	/**
	 * The event time of an input, an integer, ms since 1970. It moves the task's clock. Default: the
	 * record's timestamp. A stage with `timeOf` or `onTimer` has a clock, others have none.
	 */
	timeOf?(input: I): number;
	/**
	 * With several inputs: the time by which their records are put in order, ms since 1970. Must not
	 * throw. Default: the event time in the record's header, or its timestamp.
	 */
	recordTime?(record: LogRecord): number;
	/**
	 * Called when the task's clock reaches a time that a step has scheduled for the key; timers fire
	 * in the order of time, then key. A record that moves the clock is processed after the timers up
	 * to its time. state: as in step. Its changes are in the same transaction as everything else.
	 */
	onTimer?(
		state: S | undefined,
		key: string,
		at: number,
		context: StepContext,
	): StepResult<S, O> | undefined;
	/**
	 * A record whose event time is more than this ahead of the wall clock becomes a dead letter with
	 * the code too-far-ahead, so that one wrong date cannot close every window. ms; default: 1 h.
	 * Only for stages with a clock.
	 */
	readonly futureMaxMs?: number;
	/** A small table for all tasks: `context.broadcast`. */
	readonly broadcast?: Broadcast<unknown>;
	/**
	 * Every output of the main output topic stays in the partition of its input: it has the input's
	 * key, and both topics have equally many partitions. The runtime checks it. In return it can
	 * see for each partition that a changelog was lost.
	 */
	readonly sameKey?: boolean;
}
