/**
 * Runs one task of a stage in memory and without waiting: clock, timers in the order of time, then
 * key, and states as text, so that every step sees a state that was written and read again.
 */
import { DeadLetter } from "../../src/errors.ts";
import type { Operator } from "../../src/index.ts";
import type { StepContext, StepResult } from "../../src/stage/stage.ts";

export interface Given {
	readonly key: string;
	readonly value: unknown;
	readonly at: number;
	/** Default: the operator's first input. */
	readonly topic?: string;
}

export interface Written {
	readonly topic: string;
	readonly key: string;
	readonly json: unknown;
	readonly timestamp: number;
}

export class Executor<I, S, O> {
	readonly outputs: Written[] = [];
	readonly deadLetters: string[] = [];
	readonly counts = new Map<string, number>();
	/** States as text, by key. */
	readonly states = new Map<string, string>();
	/** Times of each key. */
	readonly timers = new Map<string, Set<number>>();
	clock = Number.NEGATIVE_INFINITY;
	readonly #operator: Operator<I, S, O>;
	#offset = 0;
	#scheduled: number[] = [];

	constructor(operator: Operator<I, S, O>) {
		this.#operator = operator;
	}

	/** The values that went to a topic. Default: the main output. */
	values(topic = this.#operator.graph.output.name): unknown[] {
		return this.outputs.filter((o) => o.topic === topic).map((o) => o.json);
	}

	give(...records: readonly Given[]): this {
		const stage = this.#operator;
		for (const { key, value, at, topic } of records) {
			const record = {
				topic: topic ?? (stage.graph.inputs[0]?.name as string),
				partition: 0,
				offset: this.#offset++,
				key: Buffer.from(key),
				value: value === null ? null : Buffer.from(JSON.stringify(value)),
				timestamp: at,
				headers: {},
			};
			try {
				const input = stage.decode(record, this.#context);
				if (stage.timeOf !== undefined || stage.onTimer !== undefined)
					this.advance(stage.timeOf?.(input) ?? at);
				const of = stage.keyOf(input);
				const result = stage.step(this.#state(of), input, this.#context);
				this.#take(of, result);
			} catch (error) {
				this.#scheduled = [];
				if (!(error instanceof DeadLetter)) throw error;
				this.deadLetters.push(error.code);
			}
		}
		return this;
	}

	/** Moves the clock, as time without records does, and fires what is due. */
	advance(to: number): this {
		this.clock = Math.max(this.clock, to);
		for (;;) {
			const [first] = [...this.timers]
				.flatMap(([key, times]) => [...times].map((at) => ({ key, at })))
				.filter(({ at }) => at <= this.clock)
				.sort((a, b) => a.at - b.at || (a.key < b.key ? -1 : 1));
			if (first === undefined) return this;
			const { key, at } = first;
			this.timers.get(key)?.delete(at);
			if (this.timers.get(key)?.size === 0) this.timers.delete(key);
			const state = this.#state(key);
			const result = this.#operator.onTimer?.(state, key, at, this.#context);
			if (this.#scheduled.some((next) => next <= at))
				throw new Error("a timer scheduled one that is not later");
			this.#take(key, result);
		}
	}

	#state(key: string): S | undefined {
		const text = this.states.get(key);
		return text === undefined
			? undefined
			: this.#operator.state.decode(key, text);
	}

	#take(key: string, result: StepResult<S, O> | undefined): void {
		for (const at of this.#scheduled) {
			const times = this.timers.get(key) ?? new Set();
			this.timers.set(key, times.add(at));
		}
		this.#scheduled = [];
		for (const output of result?.outputs ?? []) {
			const { topic, value, timestamp, ...rest } =
				this.#operator.encodeOutput(output);
			this.outputs.push({
				topic: topic ?? this.#operator.graph.output.name,
				key: String(rest.key),
				json: JSON.parse(String(value)),
				timestamp,
			});
		}
		if (result?.state === undefined) return;
		if (result.state === null) this.states.delete(key);
		else this.states.set(key, this.#operator.state.encode(result.state));
	}

	readonly #context: StepContext = (() => {
		const executor = this;
		return {
			partition: 0,
			partitions: 1,
			broadcast: new Map(),
			count: (event) =>
				executor.counts.set(event, (executor.counts.get(event) ?? 0) + 1),
			get streamTime() {
				return executor.clock;
			},
			schedule: (at) => {
				executor.#scheduled.push(at);
			},
		};
	})();
}
