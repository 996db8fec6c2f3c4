/** Stages with several inputs, on the real runtime in memory. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
	joinTable,
	type Stage,
	type Stream,
	type StreamsError,
	stream as streamOf,
} from "../src/index.ts";
import { testDriver } from "../src/testing/index.ts";
import { topicSpec } from "./contract/log-under-test.ts";
import { counting, StageWorld, topics } from "./stage-world.ts";

interface Input {
	key: string;
	value: string;
	isTable: boolean;
}

/** Joins orders with the newest price of their key. */
const join: Stage<Input, string, { key: string; text: string }> = {
	name: "join",
	decode: ({ topic, key, value }) => ({
		key: String(key),
		value: String(value),
		isTable: topic === "prices",
	}),
	keyOf: ({ key }) => key,
	step: (price, { key, value, isTable }) =>
		isTable
			? { state: value }
			: { outputs: [{ key, text: `${value} at ${price ?? "no price"}` }] },
	encodeOutput: ({ key, text }) => ({ key, value: text, timestamp: 0 }),
	state: { encode: (price) => price, decode: (_, text) => text },
	config: {},
};

const open = () => testDriver(join, { inputs: ["prices", "orders"] });
const price = (value: string, timestamp: number) => ({
	topic: "prices",
	key: "a",
	value,
	timestamp,
});
const order = (value: string, timestamp: number) => ({
	topic: "orders",
	key: "a",
	value,
	timestamp,
});

describe("a stage with two inputs", () => {
	test("processes both in the order of their times, the first input first", async () => {
		const driver = await open();
		await driver.pipe(
			order("x", 5),
			order("y", 10),
			order("z", 15),
			price("1", 1),
			price("2", 10),
			price("3", 12),
		);
		expect(driver.outputs().map(({ value }) => value)).toEqual([
			"x at 1",
			"y at 2",
			"z at 3",
		]);
		await driver.close();
	});

	test("the order is that of the streams' own times, where the records have those of their appends", async () => {
		const at = z.object({ at: z.int(), text: z.string() });
		const stream = (name: string): Stream<z.infer<typeof at>> => ({
			...streamOf(name, at),
			time: (value) => value.at,
		});
		const driver = await testDriver(
			joinTable({
				name: "join",
				input: stream("orders"),
				table: stream("prices"),
				output: streamOf("output", z.string()),
				join: ({ value }, row) => `${value.text} at ${row?.text ?? "no price"}`,
			}),
			{ inputs: ["prices", "orders"] },
		);
		const json = (value: z.infer<typeof at>) => JSON.stringify(value);
		// The price was appended after the orders.
		await driver.pipe(
			order(json({ at: 5, text: "x" }), 100),
			order(json({ at: 15, text: "y" }), 101),
			order("not JSON", 102),
			price(json({ at: 10, text: "1" }), 200),
		);
		expect(driver.outputs().map(({ value }) => value)).toEqual([
			'"x at no price"',
			'"y at 1"',
		]);
		expect(driver.deadLetters().length).toBe(1);
		await driver.close();
	});

	test("continues both where it was, after a restart and after a crash", async () => {
		const driver = await open();
		await driver.pipe(price("1", 1), order("x", 2));
		await driver.restart();
		await driver.pipe(order("y", 3));
		driver.crash();
		await driver.restart();
		await driver.pipe(price("2", 4), order("z", 5));
		expect(driver.outputs().map(({ value }) => value)).toEqual([
			"x at 1",
			"y at 1",
			"z at 2",
		]);
		await driver.close();
	});

	test("reads more than it keeps in memory", async () => {
		const driver = await open();
		const many = Array.from({ length: 10_000 }, (_, i) => order(`${i}`, i));
		await driver.pipe(...many, price("1", 20_000));
		expect(driver.outputs().length).toBe(10_000);
		await driver.close();
	});

	test("does not wait forever for an input that cannot be read", async () => {
		const world = new StageWorld();
		world.broker.topics.ensure([topicSpec({ name: "stuck", partitions: 1 })]);
		world.write("stuck", "b");
		world.write("input", "a");
		const log = world.logWith((member) => {
			const resume = member.resume.bind(member);
			member.resume = (topic, partition) => {
				if (topic !== "stuck") resume(topic, partition);
			};
		});
		const started = world.start({
			log,
			topics: { ...topics, inputs: ["stuck", "input"] },
		});
		await world.until(() => world.outputs().length === 1, 20_000);
		expect(world.warnings).toContainEqual(
			expect.objectContaining({ topic: "stuck", partition: 0 }),
		);
		await started.stop();
	});

	test("stops if they have different numbers of partitions, and names both", async () => {
		const world = new StageWorld();
		world.broker.topics.ensure([topicSpec({ name: "wide", partitions: 3 })]);
		const started = world.start({
			topics: { ...topics, inputs: ["input", "wide"] },
		});
		await world.until(() => "error" in started.outcome);
		const error = started.outcome.error as StreamsError;
		expect(error.code).toBe("topic-mismatch");
		expect(error.message).toContain("input has 1, wide has 3");
		// Nothing was created before the inputs were checked.
		expect(world.broker.topics.topicId("output")).toBeUndefined();
	});

	test("refuses the states of other inputs", async () => {
		const world = new StageWorld();
		world.broker.topics.ensure([topicSpec({ name: "second", partitions: 1 })]);
		await world.start({ stage: counting }).stop();
		const one = world.start();
		world.write("input", "a");
		await world.until(() => world.outputs().length === 1);
		await one.stop();
		const two = world.start({
			topics: { ...topics, inputs: ["input", "second"] },
		});
		await world.until(() => "error" in two.outcome);
		expect((two.outcome.error as StreamsError).code).toBe("config-mismatch");
	});
});
