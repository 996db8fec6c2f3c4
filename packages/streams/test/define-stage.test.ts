/** Stages defined by schemas, on the real runtime in memory. */
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

describe("a state that could not be read back stops the stage at its record", () => {
	const stage = (state: z.ZodType<unknown>, next: unknown) =>
		defineStage({
			name: "careless",
			input: z.unknown(),
			state,
			output: z.unknown(),
			step: () => ({ state: next, outputs: [{ value: 1 }] }),
		});
	test.each([
		["0.5 for an integer", z.object({ n: z.int() }), { n: 0.5 }, "field n: "],
		["NaN", z.object({ n: z.number() }), { n: Number.NaN }, "field n: "],
		[
			"NaN where anything goes",
			z.any(),
			{ a: [Number.NaN] },
			"field a.0 is NaN",
		],
		["undefined", z.object({ n: z.number() }), { n: undefined }, "field n: "],
		["a field that the schema drops", z.object({}), { n: 1 }, "field n is 1"],
		["a date", z.object({ at: z.date() }), { at: new Date(0) }, "field at: "],
		["a map", z.any(), new Map([["a", 1]]), "it is "],
		["a bigint", z.object({ n: z.bigint() }), { n: 1n }, "JSON cannot hold"],
		["a transform", z.string().transform(Number), 5, "expected string"],
	])("%s", async (_, schema, next, field) => {
		const driver = await testDriver(stage(schema, next), { partitions: 1 });
		const error: Error = await driver
			.pipe({ key: "k", value: 1 })
			.catch((reason) => reason);
		expect(error.message).toContain('input/0 at 0, key "k"');
		expect(error.message).toContain(field);
		expect(driver.states().size).toBe(0);
		expect(driver.outputs()).toEqual([]);
	});

	test("a state with an optional field that is undefined is the same without it", async () => {
		const schema = z.object({ n: z.number(), at: z.number().optional() });
		const driver = await testDriver(stage(schema, { n: -0, at: undefined }));
		await driver.pipe({ key: "k", value: 1 });
		await driver.restart();
		expect(driver.state("k")).toEqual({ n: 0 });
		await driver.close();
	});
});

describe("a step that is not a function of its arguments is noticed", () => {
	test("an async step", async () => {
		const driver = await testDriver({
			...counter,
			step: async () => ({}),
		} as never);
		await expect(driver.pipe({ key: "a", value: { add: 1 } })).rejects.toThrow(
			"the step returned a promise",
		);
		const defined = await testDriver(
			defineStage({
				name: "async",
				input: z.unknown(),
				state: z.unknown(),
				output: z.unknown(),
				step: (async () => ({ state: 1 })) as never,
			}),
		);
		await expect(defined.pipe({ key: "a", value: 1 })).rejects.toThrow(
			"the step returned a promise",
		);
	});

	test("a step that changes the state it receives, also after a restart", async () => {
		const driver = await testDriver(
			defineStage({
				name: "mutating",
				input: z.boolean(),
				state: z.object({ list: z.array(z.number()) }),
				output: z.unknown(),
				step: (state = { list: [1] }, { value }) => {
					if (value) state.list.push(2);
					return { state };
				},
			}),
		);
		await driver.pipe({ key: "a", value: false });
		await driver.restart();
		await expect(driver.pipe({ key: "a", value: true })).rejects.toThrow(
			/threw for the record of .*not extensible/,
		);
	});
});

test("an output to a topic that the stage does not write is named", async () => {
	const driver = await testDriver(
		defineStateless({
			name: "router",
			input: z.unknown(),
			output: z.unknown(),
			outputs: () => [{ value: 1, topic: "nowhere" }],
		}),
	);
	await expect(driver.pipe({ key: "a", value: 1 })).rejects.toThrow(
		"an output names the topic nowhere, which the stage does not write: list it in sideOutputs",
	);
});
