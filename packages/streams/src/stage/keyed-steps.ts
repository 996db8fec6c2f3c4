/**
 * The states, the timers and the clock of one partition, and the steps that change them: records go
 * in, a chunk with their results comes out.
 */
import { eventTimeHeaderOf } from "@fireworks/contracts";
import { DeadLetter, StreamsError } from "../errors.ts";
import type { LogRecord } from "../log.ts";
import { unreadable } from "./changelog.ts";
import type { Chunk } from "./chunk.ts";
import { EventClock } from "./event-clock.ts";
import type { StageRuntime } from "./runtime.ts";
import type { StepContext, StepResult } from "./stage.ts";
import { type Timer, Timers } from "./timers.ts";

/**
 * Assumed size of a state in the changelog, for the limit on a transaction, until larger ones were
 * seen.
 */
const STATE_BYTES_LEAST = 100;
/** Default of a stage's futureMaxMs. */
const FUTURE_MAX_MS = 3_600_000;

const NO_ROWS: ReadonlyMap<string, unknown> = new Map();

export class KeyedSteps<I, S, O> {
	readonly clock = new EventClock();
	/** Whether the stage has an event-time clock. */
	readonly timed: boolean;
	readonly #runtime: StageRuntime<I, S, O>;
	readonly #partition: number;
	readonly #states = new Map<string, S>();
	readonly #timers = new Timers();
	readonly #counts = new Map<string, number>();
	readonly #context: StepContext;
	/** Size of the largest state seen, as text. */
	#stateBytes = STATE_BYTES_LEAST;
	/** What the running step has scheduled. */
	readonly #scheduled: number[] = [];

	constructor(runtime: StageRuntime<I, S, O>, partition: number) {
		const { stage } = runtime;
		this.#runtime = runtime;
		this.#partition = partition;
		this.timed = stage.timeOf !== undefined || stage.onTimer !== undefined;
		const counts = this.#counts;
		const scheduled = this.#scheduled;
		const { clock, timed } = this;
		this.#context = {
			partition,
			partitions: runtime.prepared.current.partitions,
			count: (event) => counts.set(event, (counts.get(event) ?? 0) + 1),
			get streamTime() {
				if (timed && clock.now !== undefined) return clock.now;
				throw new Error(
					"the stage has no clock: give it timeOf or onTimer to use context.streamTime",
				);
			},
			schedule: (at) => {
				if (stage.onTimer === undefined)
					throw new Error("the stage schedules a timer, but has no onTimer");
				if (!Number.isSafeInteger(at))
					throw new Error(`a timer needs an integer time, not ${at}`);
				scheduled.push(at);
			},
			broadcast: runtime.table.current?.rows ?? NO_ROWS,
		};
	}

	/** Number of keys that have a state. */
	get keys(): number {
		return this.#states.size;
	}

	/** Restores a state from the changelog; null: it was deleted. Throws changelog-unreadable. */
	restore(key: string, text: string | null, record: LogRecord): void {
		if (text === null) {
			this.#states.delete(key);
			return;
		}
		this.#stateBytes = Math.max(this.#stateBytes, text.length);
		try {
			this.#states.set(key, this.#runtime.stage.state.decode(key, text));
		} catch (error) {
			throw unreadable(record, error);
		}
	}

	/** Restores a key's timers from the changelog. Throws changelog-unreadable. */
	restoreTimers(key: string, text: string | null, record: LogRecord): void {
		try {
			if (text !== null && this.#runtime.stage.onTimer === undefined)
				throw new Error("it has timers, but the stage has no onTimer");
			this.#timers.restore(key, text);
		} catch (error) {
			throw unreadable(record, error);
		}
	}

	/**
	 * Runs the step for one record, after the timers up to its time. A record that the step refuses
	 * becomes a dead letter. Any other exception is a fault of the stage: stage-failed. Returns
	 * false if the timers have filled the transaction: then the record was not processed yet.
	 */
	apply(record: LogRecord, chunk: Chunk): boolean {
		const { stage, clock, metrics, refused } = this.#runtime;
		let key: string | undefined;
		let counted = false;
		try {
			const input = stage.decode(withEventTime(record), this.#context);
			key = stage.keyOf(input);
			if (this.timed) {
				// What is due at the clock so far fires at that time, not at the record's.
				if (!this.fireDue(chunk)) return false;
				this.#advance(input, record);
				if (!this.fireDue(chunk)) return false;
			}
			chunk.inputs++;
			counted = true;
			const result = stage.step(this.#states.get(key), input, this.#context);
			// A record that is skipped because it was seen before does not show that the next one
			// will be accepted.
			if (result === undefined) {
				this.#schedule(key, chunk);
				return true;
			}
			this.#take(key, result, chunk);
			refused.taken(key);
		} catch (error) {
			this.#scheduled.length = 0;
			if (error instanceof StreamsError) throw error;
			if (!(error instanceof DeadLetter))
				throw this.#failed(error, record, key);
			if (!counted) chunk.inputs++;
			const now = clock.now();
			chunk.deadLetter(record, error, now);
			refused.refused(key, record, error, now);
			metrics.deadLetters.inc({ code: error.code });
		}
		return true;
	}

	/** Moves the clock to the record's time. Throws DeadLetter too-far-ahead. */
	#advance(input: I, record: LogRecord): void {
		const { stage, clock } = this.#runtime;
		const time = stage.timeOf?.(input) ?? eventTimeOf(record);
		if (!Number.isSafeInteger(time))
			throw new Error(`timeOf must return an integer, not ${time}`);
		const ahead = time - clock.now();
		const max = stage.futureMaxMs ?? FUTURE_MAX_MS;
		if (ahead > max)
			throw new DeadLetter(
				"too-far-ahead",
				`the event time ${time} is ${ahead} ms ahead of the wall clock, more than ${max}`,
			);
		this.clock.advance(time);
	}

	/** Whether a timer is due now. */
	get due(): boolean {
		const { now } = this.clock;
		return now !== undefined && this.#timers.due(now) !== undefined;
	}

	/** Fires what is due, until the transaction is full; returns whether nothing is due any more. */
	fireDue(chunk: Chunk): boolean {
		const { now } = this.clock;
		if (now === undefined) return true;
		for (;;) {
			const timer = this.#timers.due(now);
			if (timer === undefined) return true;
			if (chunk.full) return false;
			this.#fire(timer, chunk);
		}
	}

	#fire(timer: Timer, chunk: Chunk): void {
		const { stage } = this.#runtime;
		const { key, at } = timer;
		this.#timers.remove(timer);
		chunk.changedTimers(key);
		chunk.fired++;
		try {
			const result = stage.onTimer?.(
				this.#states.get(key),
				key,
				at,
				this.#context,
			);
			const past = this.#scheduled.find((time) => time <= at);
			if (past !== undefined)
				throw new Error(
					`onTimer scheduled ${past}, which is not later than its own time ${at}: it would fire without end`,
				);
			this.#take(key, result ?? {}, chunk);
		} catch (error) {
			throw new StreamsError(
				"stage-failed",
				`the stage ${stage.name} threw for the timer ${at} of the key ${JSON.stringify(key)}, partition ${this.#partition}: ${(error as Error).message}`,
				{ cause: error },
			);
		}
	}

	/** Takes the result of a step or of a timer. */
	#take(key: string, result: StepResult<S, O>, chunk: Chunk): void {
		const { stage } = this.#runtime;
		if (typeof (result as { then?: unknown }).then === "function")
			throw new Error(
				"the step returned a promise: a step must be synchronous, so that the same records give the same outputs",
			);
		if (result.outputs !== undefined)
			chunk.output(result.outputs.map((output) => stage.encodeOutput(output)));
		this.#schedule(key, chunk);
		if (result.state === undefined) return;
		if (result.state === null) this.#states.delete(key);
		else this.#states.set(key, result.state);
		chunk.changed(key, this.#stateBytes);
	}

	#schedule(key: string, chunk: Chunk): void {
		if (this.#scheduled.length === 0) return;
		for (const at of this.#scheduled)
			if (this.#timers.add(key, at)) chunk.changedTimers(key);
		this.#scheduled.length = 0;
	}

	#failed(
		error: unknown,
		record: LogRecord,
		key: string | undefined,
	): StreamsError {
		const at = `${record.topic}/${record.partition} at ${record.offset}`;
		const of = key === undefined ? "" : `, key ${JSON.stringify(key)}`;
		return new StreamsError(
			"stage-failed",
			`the stage ${this.#runtime.stage.name} threw for the record of ${at}${of}: ${(error as Error).message}`,
			{ cause: error },
		);
	}

	/** The state of a key as text; null if it has none. Throws stage-failed. */
	encode(key: string): string | null {
		const state = this.#states.get(key);
		if (state === undefined) return null;
		const { stage } = this.#runtime;
		try {
			const text = stage.state.encode(state);
			if (text.length > this.#stateBytes) this.#stateBytes = text.length;
			return text;
		} catch (error) {
			throw new StreamsError(
				"stage-failed",
				`the stage ${stage.name} cannot write the state of the key ${JSON.stringify(key)}, partition ${this.#partition}: ${(error as Error).message}`,
				{ cause: error },
			);
		}
	}

	/** The timers of a key as text; null if it has none. */
	encodeTimers(key: string): string | null {
		return this.#timers.encode(key);
	}

	/** Adds what the steps have counted to the metrics. */
	addCounts(): void {
		const { events } = this.#runtime.metrics;
		for (const [event, n] of this.#counts) events.inc({ event }, n);
		this.#counts.clear();
	}

	/** Drops everything. */
	clear(): void {
		this.#states.clear();
		this.#timers.clear();
	}
}

/** The event time of a record: of its header, if its timestamp is the time of its append. */
export const eventTimeOf = (record: LogRecord): number =>
	eventTimeHeaderOf(record.headers) ?? record.timestamp;

/** The record as the stage sees it: its timestamp is its event time. */
function withEventTime(record: LogRecord): LogRecord {
	const timestamp = eventTimeHeaderOf(record.headers);
	return timestamp === undefined ? record : { ...record, timestamp };
}
