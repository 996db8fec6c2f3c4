/**
 * The operator `joinBroadcast` in the simulation. Each record is joined once, in the order of its
 * key, and a partition never sees an older row after a newer one.
 */
import { z } from "zod";
import { joinBroadcast, stream } from "../../packages/streams/src/index.ts";
import type { Checker, Given, Subject } from "./timed-subject.ts";
import { Violation } from "./violation.ts";

export const ROWS = "rows";
const joined = z.object({ id: z.int(), lookup: z.string(), row: z.int() });
const KEYS = ["a", "b", "c", "d"] as const;
/** Another key than the record's, mostly of another partition. */
const lookupOf = (id: number): string => KEYS[id % KEYS.length] as string;

const stage = joinBroadcast({
	name: "timed",
	input: stream("events", z.int()),
	table: stream(ROWS, z.int()),
	output: stream("timed", joined),
	lookup: ({ value }) => lookupOf(value),
	join: ({ value: id }, row = 0) => ({ id, lookup: lookupOf(id), row }),
});

class BroadcastChecker implements Checker {
	readonly #missing = new Set<number>();
	/** The newest row of a key that was written. */
	readonly #written = new Map<string, number>();
	readonly #seen = new Map<string, number>();
	readonly #events = new Map<string, number>();
	outputs = 0;

	wrote({ topic, key, id }: Given): void {
		if (topic === ROWS) this.#written.set(key, id);
		else this.#missing.add(id);
	}

	output({ partition, key, value }: Parameters<Checker["output"]>[0]): void {
		this.outputs++;
		const { id, lookup, row } = joined.parse(JSON.parse(String(value)));
		const fail = (check: string, why: string) => {
			throw new Violation(check, `${why}: ${partition} ${key} ${value}`);
		};
		if (!this.#missing.delete(id)) fail("once", "it was there before");
		const before = this.#events.get(String(key)) ?? 0;
		if (id < before) fail("order", `after ${before}`);
		this.#events.set(String(key), id);
		const seen = this.#seen.get(`${partition} ${lookup}`) ?? 0;
		if (row < seen) fail("row", `after row ${seen}`);
		this.#seen.set(`${partition} ${lookup}`, row);
		if (row > (this.#written.get(lookup) ?? 0)) fail("row", "of the future");
	}

	behind(): string[] {
		return [...this.#missing].map((id) => `event ${id}`);
	}
}

export const broadcastSubject: Subject = {
	stage,
	inputs: ["events"],
	sideOutputs: [],
	topicOf: (random) => (random.oneIn(3) ? ROWS : "events"),
	checker: () => new BroadcastChecker(),
};
