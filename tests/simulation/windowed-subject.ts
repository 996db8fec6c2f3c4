/**
 * The operator `windowed` in the simulation, and the law of windows: every record is in its window
 * once, or is reported late once, and no window closes twice.
 */
import { z } from "zod";
import {
	stream,
	tumbling,
	windowed,
} from "../../packages/streams/src/index.ts";
import type { Checker, Given, Subject } from "./timed-subject.ts";
import { Violation } from "./violation.ts";

export const LATE = "late";
const SIZE_MS = 400;
/** Less than the records are out of order, so that some are late. */
const GRACE_MS = 200;

const result = z.object({
	start: z.int(),
	end: z.int(),
	ids: z.array(z.int()),
});
type Result = z.infer<typeof result>;

const stage = windowed<number, number[], Result>({
	name: "timed",
	input: stream("events", z.int()),
	output: stream("timed", result),
	window: tumbling(SIZE_MS),
	grace: GRACE_MS,
	late: LATE,
	accumulator: z.array(z.int()),
	initial: () => [],
	add: (ids, { value }) => [...ids, value],
	result: (ids, { start, end }) => ({ start, end, ids }),
});

class WindowChecker implements Checker {
	/** Event times of what is in no output yet, by id. */
	readonly #missing = new Map<number, number>();
	readonly #closed = new Set<string>();
	outputs = 0;

	wrote({ id, at }: Given): void {
		this.#missing.set(id, at);
	}

	output({ topic, key, value }: Parameters<Checker["output"]>[0]): void {
		this.outputs++;
		const json = JSON.parse(String(value));
		const fail = (check: string, why: string) => {
			throw new Violation(check, `${why}: ${topic} ${key} ${value}`);
		};
		const take = (id: number): number => {
			const at = this.#missing.get(id);
			if (at === undefined) fail("once", `${id} was there before`);
			this.#missing.delete(id);
			return at as number;
		};
		if (topic === LATE) {
			const late = json as { value: number; streamTime: number };
			const at = take(late.value);
			const closes = at - (at % SIZE_MS) + SIZE_MS + GRACE_MS;
			if (late.streamTime < closes) fail("late", `it closes at ${closes}`);
			return;
		}
		const { start, end, ids } = json as Result;
		const window = `${key} ${start}`;
		if (this.#closed.has(window)) fail("closed", "the window closed before");
		this.#closed.add(window);
		for (const id of ids) {
			const at = take(id);
			if (at < start || at >= end) fail("window", `${id} is of ${at}`);
		}
	}

	behind(): string[] {
		return [...this.#missing.keys()].map((id) => `event ${id}`);
	}
}

export const windowedSubject: Subject = {
	stage,
	inputs: ["events"],
	sideOutputs: [LATE],
	topicOf: () => "events",
	checker: () => new WindowChecker(),
};
