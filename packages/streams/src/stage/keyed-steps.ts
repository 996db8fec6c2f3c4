/** A partition's states, and the steps that move them: records in, a chunk of what came of them out. */
import { DeadLetter, StreamsError } from "../errors.ts";
import type { LogRecord } from "../log.ts";
import { unreadable } from "./changelog.ts";
import type { Chunk } from "./chunk.ts";
import type { StageRuntime } from "./runtime.ts";
import type { StepContext } from "./stage.ts";

/** What a state is taken to have in the changelog, for a transaction's bound, before larger ones were seen. */
const STATE_BYTES_LEAST = 100;

export class KeyedSteps<I, S, O> {
	readonly #runtime: StageRuntime<I, S, O>;
	readonly #states = new Map<string, S>();
	readonly #counts = new Map<string, number>();
	readonly #context: StepContext;
	/** The largest state seen, as text. */
	#stateBytes = STATE_BYTES_LEAST;

	constructor(runtime: StageRuntime<I, S, O>, partition: number) {
		const counts = this.#counts;
		this.#runtime = runtime;
		this.#context = {
			partition,
			partitions: runtime.topics.changelog.partitions,
			count: (event) => counts.set(event, (counts.get(event) ?? 0) + 1),
		};
	}

	/** Keys that have a state. */
	get keys(): number {
		return this.#states.size;
	}

	/** A state from the changelog; null: it was deleted. Throws changelog-unreadable. */
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

	/** One record's step. What it refuses is a dead letter; any other exception is the stage's fault: stage-failed. */
	apply(record: LogRecord, chunk: Chunk): void {
		const { stage, topics, clock, metrics } = this.#runtime;
		chunk.inputs++;
		try {
			const input = stage.decode(record, this.#context);
			const key = stage.keyOf(input);
			const result = stage.step(this.#states.get(key), input, this.#context);
			if (result === undefined) return;
			if (result.outputs !== undefined) {
				chunk.output(
					result.outputs.map((output) => stage.encodeOutput(output)),
				);
			}
			if (result.state === undefined) return;
			if (result.state === null) this.#states.delete(key);
			else this.#states.set(key, result.state);
			chunk.changed(key, this.#stateBytes);
		} catch (error) {
			if (!(error instanceof DeadLetter)) {
				const at = `${topics.input}/${record.partition} at ${record.offset}`;
				throw new StreamsError(
					"stage-failed",
					`the stage ${stage.name} threw for the record of ${at}: ${(error as Error).message}`,
					{ cause: error },
				);
			}
			chunk.deadLetter(record, error, clock.now());
			metrics.deadLetters.inc({ code: error.code });
		}
	}

	/** The state of a key as text; null where it has none. */
	encode(key: string): string | null {
		const state = this.#states.get(key);
		if (state === undefined) return null;
		const text = this.#runtime.stage.state.encode(state);
		if (text.length > this.#stateBytes) this.#stateBytes = text.length;
		return text;
	}

	/** Hands what the steps have counted to the metrics. */
	tellCounts(): void {
		const { events } = this.#runtime.metrics;
		for (const [event, n] of this.#counts) events.inc({ event }, n);
		this.#counts.clear();
	}

	/** Drops everything. */
	clear(): void {
		this.#states.clear();
	}
}
