import { describe, expect, test } from "vitest";
import { DeadLetter } from "../src/errors.ts";
import type { Stage } from "../src/stage/stage.ts";
import { testDriver } from "../src/testing/index.ts";

interface Deposit {
	account: string;
	amount: number;
}

/**
 * Sums by account. A deposit of zero closes the account; large deposits also go to another topic.
 */
const sums: Stage<
	Deposit,
	{ sum: number },
	{ topic?: string; sum: number; at: number }
> = {
	name: "sums",
	decode: ({ key, value }) => {
		const amount = Number(String(value));
		if (!Number.isFinite(amount))
			throw new DeadLetter("not-a-number", String(value));
		return { account: String(key), amount };
	},
	keyOf: ({ account }) => account,
	step: (state, { amount }) => {
		if (amount === 13) throw new Error("a bug");
		if (amount === 0) return { state: null };
		const sum = (state?.sum ?? 0) + amount;
		const outputs = [{ sum, at: 1 }];
		return {
			state: { sum },
			outputs:
				amount < 100 ? outputs : [...outputs, { topic: "large", sum, at: 2 }],
		};
	},
	encodeOutput: ({ topic, sum, at }) => ({
		...(topic === undefined ? {} : { topic }),
		key: "k",
		value: JSON.stringify({ sum }),
		timestamp: at,
	}),
	state: {
		encode: JSON.stringify,
		decode: (_key, text) => JSON.parse(text),
	},
	config: {},
};

describe("the test driver", () => {
	test("gives outputs once, states, and dead letters with the source's bytes", async () => {
		const driver = await testDriver(sums, { sideOutputs: ["large"] });
		await driver.pipe(
			{ key: "a", value: 1 },
			{ key: "a", value: "2", timestamp: 5 },
			{ key: "b", value: "many" },
			{ key: "b", value: 100 },
		);
		expect(driver.outputs().map((o) => [o.topic, o.json, o.timestamp])).toEqual(
			[
				["output", { sum: 1 }, 1],
				["output", { sum: 3 }, 1],
				["output", { sum: 100 }, 1],
				["large", { sum: 100 }, 2],
			],
		);
		expect(driver.outputs()).toEqual([]);
		expect(driver.states()).toEqual(
			new Map([
				["a", { sum: 3 }],
				["b", { sum: 100 }],
			]),
		);
		const [letter, ...others] = driver.deadLetters();
		expect(others).toEqual([]);
		expect(letter).toMatchObject({
			key: "b",
			value: "many",
			code: "not-a-number",
			message: "many",
		});
		await driver.close();
	});

	test("a restart brings the states back, deleted ones stay away", async () => {
		const driver = await testDriver(sums, { partitions: 3 });
		await driver.pipe({ key: "a", value: 1 }, { key: "b", value: 2 });
		await driver.pipe({ key: "b", value: 0 });
		await driver.restart();
		expect(driver.states()).toEqual(new Map([["a", { sum: 1 }]]));
		driver.outputs();
		await driver.pipe({ key: "a", value: 1 }, { key: "b", value: 5 });
		expect(driver.outputs().map((o) => o.json)).toEqual(
			expect.arrayContaining([{ sum: 2 }, { sum: 5 }]),
		);
		await driver.close();
	});

	test("what a step throws is the driver's error, with the record's place", async () => {
		const driver = await testDriver(sums);
		await expect(driver.pipe({ key: "a", value: 13 })).rejects.toThrow(
			'the stage sums threw for the record of input/0 at 0, key "a": a bug',
		);
	});
});
