import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
// The advance function finds the last code, not-finite, so the stream runs with it. This import is
// for tests only: the packages do not depend on each other.
import {
	advance,
	deviceWords,
	noise,
	parseSeed,
} from "../../wiener/src/index.ts";
import { partitionOf } from "../src/partition.ts";
import { Refused } from "../src/refused.ts";
import { parseTick } from "../src/tick.ts";
import { verdict } from "../src/verdict.ts";

interface Vector {
	key: string | null;
	value: string | null;
	outcome: string;
	partition: number | null;
}

const vectors = readFileSync(
	new URL("../vectors/tick-vectors.jsonl", import.meta.url),
	"utf8",
)
	.trimEnd()
	.split("\n")
	.map((line) => JSON.parse(line) as Vector);

const bytes = (hex: string | null) =>
	hex === null ? null : Buffer.from(hex, "hex");

interface State {
	seq: number;
	timestamp: number;
	value: number;
}

/** The outcome of one record of the stream. Updates each device's last applied tick in `states`. */
function outcomeOf(vector: Vector, states: Map<string, State>): string {
	try {
		const tick = parseTick(bytes(vector.key), bytes(vector.value));
		const previous = states.get(tick.deviceId);
		const outcome = verdict(previous, tick);
		if (outcome !== "apply") return outcome;
		const z = noise(parseSeed("0"), deviceWords(tick.deviceId), tick.seq);
		const step = advance(previous, tick, z);
		if (step === undefined) return "not-finite";
		const { seq, timestamp } = tick;
		states.set(tick.deviceId, { seq, timestamp, value: step.value });
		return "apply";
	} catch (error) {
		if (error instanceof Refused) return error.code;
		throw error;
	}
}

// A record's outcome depends on the records before it. So the stream runs once, and each line's
// test reads its own outcome. Any line can then run alone.
describe("the shared vectors, in the order of one stream", () => {
	const states = new Map<string, State>();
	const outcomes = vectors.map((vector) => outcomeOf(vector, states));

	test.each(vectors.map((vector, i) => [i + 1, vector.outcome] as const))(
		"line %d: %s",
		(line, outcome) => {
			expect(outcomes[line - 1]).toBe(outcome);
		},
	);

	test("all lines were there", () => expect(vectors.length).toBe(57));
});

test("every key lies where Kafka's default partitioner puts it", () => {
	for (const { key, partition } of vectors) {
		if (key === null) continue;
		expect({ key, partition: partitionOf(Buffer.from(key, "hex"), 4) }).toEqual(
			{ key, partition },
		);
	}
});
