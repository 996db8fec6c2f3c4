/** What the commands about streams print. */
import type { LogRecord } from "@fireworks/streams";
import { expect, test } from "vitest";
import {
	groupLines,
	LetterGroups,
} from "../../src/streams/dead-letters/groups.ts";
import { letterOf, matches } from "../../src/streams/dead-letters/letter.ts";
import { Replayed } from "../../src/streams/dead-letters/replayed.ts";
import { parsePlace } from "../../src/streams/dead-letters/show.ts";
import { streamLines } from "../../src/streams/list-streams.ts";
import { planLines } from "../../src/streams/reset/plan.ts";
import type { KnownStage } from "../../src/streams/stages/known-stage.ts";
import { stageLines } from "../../src/streams/stages/list-stages.ts";

const letter = (
	offset: number,
	code: string,
	source = "in",
	message = `${offset} is wrong`,
) =>
	letterOf({
		topic: "dead-letter",
		partition: 0,
		offset,
		key: null,
		value: null,
		timestamp: offset * 1_000,
		headers: {
			"error-code": code,
			"error-message": message,
			"source-topic": source,
			"source-partition": "3",
			"source-offset": "x",
		},
	} satisfies LogRecord);

const cells = (line: string | undefined) => line?.split(/ {2,}/);

test("dead letters: the most frequent kind first, with its newest letter", () => {
	const groups = new LetterGroups();
	for (const one of [letter(1, "b"), letter(2, "a"), letter(3, "a")])
		groups.add(one);
	const [, first, second] = groupLines(groups, "dead-letter").map(cells);
	expect(first).toEqual([
		...["2", "a", "in", "-", "1970-01-01T00:00:03.000Z"],
		"0/3 3 is wrong",
	]);
	expect(second?.[1]).toBe("b");
	expect(groupLines(new LetterGroups(), "dead-letter")).toEqual([
		"There are no such dead letters in dead-letter.",
	]);
});

test("dead letters: kinds beyond the bound are counted, and said", () => {
	const groups = new LetterGroups();
	for (let i = 0; i < 1_005; i++) groups.add(letter(i, `code-${i}`));
	expect([groups.total, groups.list().length, groups.others]).toEqual([
		1_005, 1_000, 5,
	]);
	expect(groupLines(groups, "x").join("\n")).toContain("5 more of further");
});

test("a letter says what its headers say, and nothing more", () => {
	const one = letter(1, "a");
	expect([one.partition, one.offset, one.stage]).toEqual([3, undefined, ""]);
	expect(matches(one, {})).toBe(true);
	expect(matches(one, { code: "a", source: "in" })).toBe(true);
	expect(matches(one, { stage: "s" })).toBe(false);
});

test("marks of replays belong to one topic of dead letters, and go with its letters", () => {
	const replayed = new Replayed("dead-letter-replayed", "id-2");
	const ranges = [{ partition: 0, low: 5, high: 9 }];
	const value = Buffer.from("{}");
	for (const key of ["id-2/0/7", "id-2/0/4", "id-1/0/7", "id-2/8/7"])
		replayed.take(key, value, ranges);
	expect([replayed.has("0/7"), replayed.has("0/4")]).toEqual([true, false]);
	expect(replayed.removals(0).map(({ key }) => key)).toEqual([
		"id-2/0/4",
		"id-1/0/7",
		"id-2/8/7",
	]);
	replayed.take("id-2/0/7", null, ranges);
	expect(replayed.has("0/7")).toBe(false);
});

test("the place of a letter", () => {
	expect(parsePlace("3/17")).toEqual({ partition: 3, offset: 17 });
	for (const text of ["3", "3/", "-1/2", "a/b", "1/2/3"])
		expect(() => parsePlace(text)).toThrow("names no dead letter");
});

test("streams: a topic that is absent, and control characters in a definition", () => {
	const [, row] = streamLines([
		{
			entry: {
				name: "rooms",
				version: 3,
				schema: {},
				key: null,
				time: "@timestamp",
				measures: { warm: { unit: "°\u001b" } },
				retention: { ms: null, by: "event" },
				table: false,
			},
			topic: undefined,
		},
	]);
	expect(cells(row)).toEqual([
		...["rooms", "3", "-", "no topic", "-", "-"],
		...["forever by event", "warm (°\\u001b)"],
	]);
	expect(streamLines([])[1]).toContain("What to do");
});

const stage: KnownStage = {
	name: "means",
	kind: "stage",
	from: "weather",
	part: "weather",
	inputs: ["readings"],
	output: "means",
	sideOutputs: ["late"],
	changelog: "means-changelog",
	group: "fireworks-means",
	config: {},
	specs: [],
};

test("stages: upper bounds are marked, and positions that are absent", () => {
	const positions = [3, null].map((next, partition) => ({
		...{ topic: "readings", partition, next, end: 9 },
	}));
	const [, row] = stageLines([
		{
			...{ stage, partitions: 2, positions },
			lag: { count: 5_000, exact: false },
			states: { count: 2, exact: true },
			members: ["10.0.0.1", "10.0.0.2"],
			deadLetters: null,
		},
	]);
	expect(cells(row)).toEqual([
		...["means", "weather", "readings", "means late", "2"],
		...["<= 5000", "2", "2", "many", "0:3 1:-"],
	]);
});

test("reset: what is deleted, what breaks, what runs, and what stays", () => {
	const lines = planLines(
		{
			stages: [stage],
			broken: [{ ...stage, name: "alerts", inputs: ["means"] }],
			topics: new Map([
				["means", 7],
				["late", 0],
			]),
			running: new Map([["means", ["10.0.0.1", "10.0.0.1"]]]),
		},
		"the beginning",
		"dead-letter",
	);
	expect(lines[0]).toBe("Reset of means, from the beginning of readings:");
	expect(lines[1]).toContain("means (at most 7 records)");
	expect(lines[2]).toContain("late (empty)");
	expect(lines[3]).toContain("! alerts reads means: it will stop");
	expect(lines[4]).toBe("  means runs now, on 10.0.0.1");
	expect(lines[5]).toContain("kept: the inputs, and dead-letter");
});
