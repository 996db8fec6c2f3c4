/** joinBroadcast and the table behind it: which row a record meets, and when. */
import { expect, test } from "vitest";
import { z } from "zod";
import {
	defineTopology,
	describeTopology,
	joinBroadcast,
	rekey,
	stream,
} from "../../src/index.ts";
import {
	type TestInput,
	testDriver,
	topologyDriver,
} from "../../src/testing/index.ts";

const sales = stream("sales", z.object({ euro: z.number(), in: z.string() }));
const rates = stream("rates", z.number());
const converted = stream("converted", z.number().nullable());

const toCurrency = (name = "convert", table = rates) =>
	joinBroadcast({
		name,
		input: sales,
		table,
		output: converted,
		lookup: ({ value }) => (value.in === "" ? undefined : value.in),
		join: ({ value }, rate) => (rate === undefined ? null : value.euro * rate),
	});
const rate = (key: string, value: number | null): TestInput => ({
	topic: "rates",
	key,
	value,
});
const sale = (key: string, euro: number, currency: string): TestInput => ({
	topic: "sales",
	key,
	value: { euro, in: currency },
});
const SHOPS = ["a", "b", "c", "d", "e", "f", "g", "h"];
const start = (options = {}) =>
	testDriver(toCurrency(), { inputs: ["sales"], ...options });

test.each([1, 4, 7])(
	"records of all partitions meet rows of all %i partitions",
	async (tablePartitions) => {
		const driver = await start({ tablePartitions });
		const currencies = SHOPS.map((_, i) => `currency ${i}`);
		await driver.pipe(...currencies.map((key, i) => rate(key, i)));
		await driver.pipe(
			...SHOPS.flatMap((shop) => currencies.map((key) => sale(shop, 2, key))),
		);
		const outputs = driver.outputs();
		expect(new Set(outputs.map(({ partition }) => partition)).size).toBe(4);
		for (const shop of SHOPS)
			expect(
				outputs.filter(({ key }) => key === shop).map(({ json }) => json),
			).toEqual(currencies.map((_, i) => 2 * i));
		await driver.close();
	},
);

test("each record meets the newest row of that moment; null deletes it", async () => {
	const driver = await start();
	await driver.pipe(
		sale("a", 1, "USD"),
		rate("USD", 2),
		sale("a", 10, "USD"),
		sale("a", 10, ""),
		rate("USD", 3),
		sale("a", 10, "USD"),
		rate("USD", null),
		sale("a", 10, "USD"),
	);
	expect(driver.outputs().map(({ json }) => json)).toEqual([
		null,
		20,
		null,
		30,
		null,
	]);
	expect(driver.states().size).toBe(0);
	await driver.close();
});

test("after a crash the table is read to its end before the first record", async () => {
	const driver = await start();
	await driver.pipe(rate("USD", 2), rate("GBP", 1));
	driver.crash();
	await driver.restart();
	await driver.pipe(sale("a", 10, "USD"), sale("b", 10, "GBP"));
	expect(driver.outputs().map(({ json }) => json)).toEqual([20, 10]);
	await driver.close();
});

test("an unreadable record of the table changes nothing, and is no dead letter", async () => {
	const warnings: object[] = [];
	const driver = await start({
		logger: {
			debug() {},
			info() {},
			warn: (fields: object) => warnings.push(fields),
			error() {},
		},
	});
	await driver.pipe(
		rate("USD", 2),
		{ topic: "rates", key: "USD", value: "two" },
		{ topic: "rates", key: Buffer.from([255]), value: 1 },
		sale("a", 10, "USD"),
	);
	expect(driver.outputs().map(({ json }) => json)).toEqual([20]);
	expect(driver.deadLetters()).toEqual([]);
	expect(warnings).toEqual([
		expect.objectContaining({ topic: "rates", code: "bad-json", offset: 1 }),
		expect.objectContaining({ topic: "rates", code: "bad-key" }),
	]);
	await driver.close();
});

test("a step cannot change a row", async () => {
	const lists = stream("lists", z.array(z.number()));
	const driver = await testDriver(
		joinBroadcast({
			name: "wrong",
			input: sales,
			table: lists,
			output: converted,
			lookup: () => "all",
			join: (_, list) => list?.push(1) ?? null,
		}),
		{ inputs: ["sales"] },
	);
	await driver.pipe({ topic: "lists", key: "all", value: [0] });
	await expect(driver.pipe(sale("a", 1, ""))).rejects.toThrow(/not extensible/);
});

test("in a topology another stage can write the table", async () => {
	const raw = stream("raw-rates", z.number());
	const topology = defineTopology(
		[
			toCurrency(),
			rekey({
				name: "upper",
				input: raw,
				output: rates,
				key: ({ key }) => key.toUpperCase(),
			}),
		],
		{ sources: [raw, sales] },
	);
	expect(describeTopology(topology).stages[1]).toMatchObject({
		name: "convert",
		inputs: ["sales"],
		tables: ["rates"],
	});
	const driver = await topologyDriver(topology);
	await driver.pipe("raw-rates", { key: "usd", value: 2 });
	await driver.pipe("sales", {
		key: "a",
		value: { euro: 3, in: "USD" },
	});
	expect(driver.values("converted")).toEqual([6]);
	await driver.close();
});

test("a stage does not join a stream with itself", () => {
	expect(() =>
		joinBroadcast({ ...sales, ...joinWithItself, table: sales }),
	).toThrow(/joins sales with itself/);
});
const joinWithItself = {
	name: "itself",
	input: sales,
	output: converted,
	lookup: () => undefined,
	join: () => null,
};
