/** Stages by schemas, on the real runtime in memory. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import { defineStage, defineStateless } from "../src/index.ts";
import { testDriver } from "../src/testing/index.ts";

const counter = defineStage({
	name: "counter",
	input: z.object({ add: z.number() }),
	state: z.object({ total: z.number() }),
	output: z.object({ total: z.number() }),
	step: (state, { value: { add } }) => {
		if (add === 0) return { state: null };
		const total = (state?.total ?? 0) + add;
		return { state: { total }, outputs: [{ value: { total } }] };
	},
});

describe("a stage by schemas", () => {
	test("keeps a state for each key, and gets it back after a restart", async () => {
		const driver = await testDriver(counter);
		await driver.pipe(
			{ key: "a", value: { add: 1 } },
			{ key: "b", value: { add: 5 } },
			{ key: "a", value: { add: 2 } },
		);
		await driver.restart();
		await driver.pipe({ key: "a", value: { add: 4 } });
		expect(driver.outputs().map((o) => [o.key, o.json])).toEqual([
			["a", { total: 1 }],
			["b", { total: 5 }],
			["a", { total: 3 }],
			["a", { total: 7 }],
		]);
		await driver.pipe({ key: "a", value: { add: 0 } });
		expect(driver.state("a")).toBeUndefined();
		await driver.close();
	});

	test.each([
		["no-value", { key: "a", value: null }],
		["bad-encoding", { key: "a", value: Buffer.from([0xff]) }],
		["bad-json", { key: "a", value: "{" }],
		["bad-field", { key: "a", value: { add: "1" } }],
		["bad-key", { key: null, value: { add: 1 } }],
		["bad-key", { key: Buffer.from([0xff]), value: { add: 1 } }],
	])("refuses with %s what its schema refuses", async (code, input) => {
		const driver = await testDriver(counter);
		await driver.pipe(input);
		expect(driver.deadLetters().map((d) => d.headers["error-code"])).toEqual([
			code,
		]);
		expect(driver.outputs()).toEqual([]);
		await driver.close();
	});

	test("an output too large for a topic refuses the record, and leaves the state", async () => {
		const driver = await testDriver(
			defineStage({
				name: "large",
				input: z.object({ size: z.number() }),
				state: z.number(),
				output: z.string(),
				step: (n, { value: { size } }) => ({
					state: (n ?? 0) + 1,
					outputs: [{ value: "x" }, { value: "x".repeat(size) }],
				}),
			}),
		);
		await driver.pipe(
			{ key: "a", value: { size: 2_000_000 } },
			{ key: "a", value: { size: 1 } },
		);
		expect(driver.deadLetters().map((d) => d.headers["error-code"])).toEqual([
			"output-too-large",
		]);
		expect(driver.outputs().length).toBe(2);
		expect(driver.state("a")).toBe(1);
		await driver.close();
	});
});

test("without state: map, filter and route", async () => {
	const driver = await testDriver(
		defineStateless({
			name: "router",
			input: z.object({ n: z.int() }),
			output: z.object({ n: z.int() }),
			outputs: ({ value: { n } }) =>
				n < 0
					? []
					: [{ value: { n: n * 2 }, ...(n > 9 ? { topic: "large" } : {}) }],
		}),
		{ sideOutputs: ["large"] },
	);
	await driver.pipe(
		{ key: "a", value: { n: 1 } },
		{ key: "a", value: { n: -1 } },
		{ key: "a", value: { n: 10 } },
	);
	const seen = driver
		.outputs()
		.map((o) => `${o.topic} ${JSON.stringify(o.json)}`);
	expect(seen.sort()).toEqual(['large {"n":20}', 'output {"n":2}']);
	await driver.close();
});
