/** Graphs of stages: what is wrong with them, and how they run. */
import { expect, test } from "vitest";
import { z } from "zod";
import {
	defineTopology,
	describeTopology,
	joinTable,
	map,
	operator,
	rekey,
	stream,
	topologyPicture,
	tumbling,
	windowed,
} from "../../src/index.ts";
import { topologyDriver } from "../../src/testing/index.ts";

const START = 1_767_225_600_000;
const rides = stream("rides", z.object({ city: z.string(), km: z.number() }));
const byCity = stream("rides-by-city", rides.schema);
const daily = stream("daily", z.object({ km: z.number(), day: z.int() }));
const cities = stream("cities", z.object({ name: z.string() }));
const report = stream("report", z.object({ name: z.string(), km: z.number() }));

const toCity = rekey({
	name: "to-city",
	input: rides,
	output: byCity,
	key: ({ value }) => value.city,
});
const sums = windowed({
	name: "sums",
	input: byCity,
	output: daily,
	window: tumbling("1d"),
	accumulator: z.number(),
	initial: () => 0,
	add: (km, { value }) => km + value.km,
	result: (km, { start }) => ({ km, day: start }),
	late: "late-rides",
});
const named = joinTable({
	name: "named",
	input: daily,
	table: cities,
	output: report,
	join: ({ value: { km } }, city) => ({ name: city?.name ?? "unknown", km }),
});
const topology = () =>
	defineTopology([named, sums, toCity], { sources: [rides, cities] });

test("the whole graph runs, over a crash and days", async () => {
	const driver = await topologyDriver(topology());
	await driver.pipe("cities", {
		key: "b",
		value: { name: "Berlin" },
		timestamp: START,
	});
	await driver.pipe(
		"rides",
		...["x", "y", "z"].map((key, i) => ({
			key,
			value: { city: "b", km: i + 1 },
			timestamp: START + i,
		})),
	);
	expect(driver.values("daily")).toEqual([]);
	expect(driver.states("sums").size).toBe(1);
	driver.crash();
	await driver.restart();
	await driver.advanceClock("2d");
	expect(driver.values("daily")).toEqual([{ km: 6, day: START }]);
	expect(driver.values("report")).toEqual([{ name: "Berlin", km: 6 }]);
	expect(driver.states("sums").size).toBe(0);
	await driver.pipe("rides", { key: "x", value: 1, timestamp: START });
	expect(driver.deadLetters()).toMatchObject([
		{ stage: "to-city", code: "bad-field" },
	]);
	await driver.close();
});

test("it describes itself as data and as a picture", () => {
	const description = describeTopology(topology());
	expect(description.sources).toEqual(["rides", "cities"]);
	expect(description.sinks).toEqual(["late-rides", "report"]);
	expect(description.stages.map(({ name }) => name)).toEqual([
		"to-city",
		"sums",
		"named",
	]);
	expect(description.stages[1]).toEqual({
		name: "sums",
		operator: "windowed",
		inputs: ["rides-by-city"],
		output: "daily",
		sideOutputs: ["late-rides"],
		tables: [],
		config: {
			window: "tumbling 86400000 86400000",
			graceMs: "0",
			emit: "final",
		},
	});
	const picture = topologyPicture(topology());
	expect(picture).toContain('s1["sums (windowed)"]');
	expect(picture).toContain("t_rides --> s0");
});

test("all problems are listed at once", () => {
	const wrongDaily = stream(
		"daily",
		z.object({ km: z.string(), day: z.int(), note: z.string() }),
	);
	const wrong = map({
		name: "sums",
		input: wrongDaily,
		output: report,
		map: () => [],
	});
	expect(() =>
		defineTopology([named, sums, wrong], { sources: [daily] }),
	).toThrow(`the topology has 7 problems:
- daily is written by sums and by a source: write two streams and merge them
- two stages have the name sums: they would share a changelog and a group
- report is written by sums and by named: write two streams and merge them
- named reads cities, which no stage writes: declare it as a source, or correct the name
- sums reads rides-by-city, which no stage writes: declare it as a source, or correct the name
- sums cannot read what a source writes to daily: the field note is missing
- sums cannot read what a source writes to daily: the field km is number, and must be string`);
});

test("a cycle needs to be declared", () => {
	const again = operator(
		map({ name: "again", input: daily, output: rides, map: () => [] }),
		{ inputs: [daily], output: rides },
	);
	const stages = [toCity, sums, again];
	expect(() => defineTopology(stages, { sources: [] })).toThrow(
		"a cycle goes through to-city, sums, again",
	);
	expect(
		defineTopology(stages, { sources: [], cycles: ["rides"] }).stages.map(
			({ name }) => name,
		),
	).toEqual(["to-city", "sums", "again"]);
});
