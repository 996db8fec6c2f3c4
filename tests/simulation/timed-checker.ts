/**
 * Checks the output of the timed stage at every moment. Each input record is in it at most once, in
 * the order of its input; each timer fires once, not before its time; the steps of a key have no
 * gap; an event sees the version of the table that was the last in the output; and the clock of a
 * partition never goes back. At the end everything must be there.
 */
import type { LogRecord } from "../../packages/streams/src/log.ts";
import { TIMER_MS, type TimedOutput, timedStage } from "./timed-stage.ts";
import type { Checker, Given, Subject } from "./timed-subject.ts";
import { Violation } from "./violation.ts";

interface KeySeen {
	steps: number;
	version: number;
	event: number;
	readonly timers: Set<number>;
	readonly due: Set<number>;
}

class TimedChecker implements Checker {
	readonly #keys = new Map<string, KeySeen>();
	readonly #clocks = new Map<number, number>();
	readonly #events = new Map<number, number>();
	#tables = 0;
	outputs = 0;

	wrote({ topic, id, at }: Given): void {
		if (topic === "table") this.#tables++;
		else this.#events.set(id, at);
	}

	output(record: LogRecord): void {
		const output: TimedOutput = JSON.parse(String(record.value));
		const { key, what, id, steps, version, clock } = output;
		const seen = this.#key(key);
		const fail = (check: string, why: string) => {
			throw new Violation(check, `${why}: ${String(record.value)}`);
		};
		this.outputs++;
		const before = this.#clocks.get(record.partition) ?? 0;
		if (clock < before) fail("clock", `the clock was ${before}`);
		this.#clocks.set(record.partition, clock);
		if (steps !== seen.steps + 1) fail("steps", `after step ${seen.steps}`);
		seen.steps = steps;
		if (what === "table") {
			if (id <= seen.version) fail("once", `after version ${seen.version}`);
			seen.version = id;
		} else if (version !== seen.version)
			fail("table", `the table's version was ${seen.version}`);
		if (what === "event") {
			if (id <= seen.event) fail("once", `after event ${seen.event}`);
			seen.event = id;
			seen.due.add((this.#events.get(id) as number) + TIMER_MS);
			this.#events.delete(id);
		}
		if (what === "table") this.#tables--;
		if (what !== "timer") return;
		if (!seen.due.has(id)) fail("timers", "it was not set");
		if (seen.timers.has(id)) fail("timers", "it fired before");
		if (clock < id) fail("timers", "it was not due");
		seen.timers.add(id);
	}

	behind(): string[] {
		const timers = [...this.#keys].flatMap(([key, { due, timers }]) =>
			[...due]
				.filter((at) => !timers.has(at))
				.map((at) => `timer ${at} of ${key}`),
		);
		const events = [...this.#events.keys()].map((id) => `event ${id}`);
		return [
			...events,
			...timers,
			...(this.#tables > 0 ? [`${this.#tables} of the table`] : []),
		];
	}

	#key(key: string): KeySeen {
		let seen = this.#keys.get(key);
		if (seen === undefined) {
			seen = {
				steps: 0,
				version: 0,
				event: 0,
				timers: new Set(),
				due: new Set(),
			};
			this.#keys.set(key, seen);
		}
		return seen;
	}
}

export const timedSubject: Subject = {
	stage: timedStage,
	inputs: ["table", "events"],
	sideOutputs: [],
	topicOf: (random) => (random.oneIn(3) ? "table" : "events"),
	checker: () => new TimedChecker(),
};
