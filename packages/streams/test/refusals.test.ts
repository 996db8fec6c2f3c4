/**
 * Faults with which a stage refuses to continue: it ends with a code, says what to do, and has
 * written nothing.
 */
import { describe, expect, test } from "vitest";
import { StreamsError } from "../src/errors.ts";
import { topicSpec } from "./contract/log-under-test.ts";
import { counting, StageWorld, topics } from "./stage-world.ts";

const position = (
	next: number,
	partitions = 1,
	config = {},
): [string, string] => [
	"position",
	JSON.stringify({ next: String(next), partitions, config }),
];

async function refusal(world: StageWorld, started = world.start()) {
	const before = world.transactions.length;
	await world.until(() => "error" in started.outcome);
	const { error } = started.outcome;
	expect(error).toBeInstanceOf(StreamsError);
	// Apart from barriers nothing was committed.
	for (const { partitions } of world.transactions.slice(before))
		expect(partitions.filter((p) => p !== "changelog/0")).toEqual([]);
	return error as StreamsError;
}

describe("a stage stops with", () => {
	test("output-without-position: records in the output, none under position", async () => {
		const world = new StageWorld();
		world.broker.topics.ensure([topics.output]);
		world.write("output", "foreign");
		const error = await refusal(world);
		expect(error.code).toBe("output-without-position");
		expect(error.message).toContain("output/0 has records");
	});

	test("input-mismatch: a position past the input's end", async () => {
		const world = new StageWorld();
		world.broker.topics.ensure([topics.changelog]);
		world.write("input", "a");
		world.write("changelog", position(5));
		expect((await refusal(world)).code).toBe("input-mismatch");
	});

	test("config-mismatch: states of other partitions or another configuration", async () => {
		for (const foreign of [position(0, 2), position(0, 1, { seed: "1" })]) {
			const world = new StageWorld();
			world.broker.topics.ensure([topics.changelog]);
			world.write("changelog", foreign);
			const error = await refusal(world);
			expect(error.code).toBe("config-mismatch");
			expect(error.message).toContain(
				JSON.stringify({ partitions: 1, config: {} }),
			);
		}
	});

	test("changelog-unreadable: what no engine of this stage writes", async () => {
		for (const strange of [
			["unknown key", "1"],
			["s/a", "not a number"],
			["position", "{"],
			["position", "{}"],
		] as [string, string][]) {
			const world = new StageWorld();
			world.broker.topics.ensure([topics.changelog]);
			world.write("changelog", strange);
			const error = await refusal(world);
			expect(error.code).toBe("changelog-unreadable");
			expect(error.message).toContain("at offset 0");
		}
	});

	test("topic-mismatch: an input or an output of other partitions", async () => {
		const world = new StageWorld();
		const two = topicSpec({ name: "output", partitions: 2 });
		world.broker.topics.ensure([two]);
		expect((await refusal(world)).code).toBe("topic-mismatch");
		const other = new StageWorld();
		other.broker.topics.ensure([topicSpec({ name: "other", partitions: 2 })]);
		const started = other.start({ topics: { ...topics, inputs: ["other"] } });
		expect((await refusal(other, started)).code).toBe("topic-mismatch");
	});

	test("stage-failed: the stage's own code threw, with the record's place", async () => {
		const world = new StageWorld();
		world.write("input", "a");
		const step = () => {
			throw new Error("a bug");
		};
		const error = await refusal(
			world,
			world.start({ stage: { ...counting, step } }),
		);
		expect(error.code).toBe("stage-failed");
		expect(error.message).toContain('input/0 at 0, key "a": a bug');
	});

	test("record-too-large: an output that its topic does not take", async () => {
		const world = new StageWorld();
		world.write("input", "a".repeat(2_000));
		const small = topicSpec({
			name: "output",
			partitions: 1,
			config: { "max.message.bytes": "1000" },
		});
		const started = world.start({ topics: { ...topics, output: small } });
		expect((await refusal(world, started)).code).toBe("record-too-large");
	});
});

describe("a topic that is deleted and made again", () => {
	const REPLACED = [
		["input", "input-mismatch"],
		["output", "topic-replaced"],
		["changelog", "topic-replaced"],
	] as const;
	const make = (world: StageWorld, name: (typeof REPLACED)[number][0]) =>
		world.broker.topics.ensure([
			name === "input"
				? topicSpec({ name, partitions: 1 })
				: topics[name as "output" | "changelog"],
		]);
	const running = async (world: StageWorld) => {
		const started = world.start();
		world.write("input", "a", "b");
		await world.until(() => world.outputs().length === 2);
		return started;
	};

	test.each(REPLACED)("while the stage runs: %s, %s", async (name, code) => {
		const world = new StageWorld();
		const started = await running(world);
		world.broker.topics.remove(name);
		make(world, name);
		// Longer than the old topic was, so that offsets alone cannot show the difference.
		if (name === "input") world.write("input", "c", "d", "e", "f");
		await world.until(() => "error" in started.outcome, 15_000);
		const error = started.outcome.error as StreamsError;
		expect(error.code).toBe(code);
		expect(error.message).toContain(
			`the topic ${name} was deleted and made again`,
		);
	});

	test.each(REPLACED)("while it is stopped: %s, %s", async (name, code) => {
		const world = new StageWorld();
		await (await running(world)).stop();
		const changelog = world.committed("changelog");
		world.broker.topics.remove(name);
		make(world, name);
		if (name === "input") world.write("input", "c", "d", "e", "f");
		// Fill the changelog, as if it was copied: an empty one is refused because it has no
		// position.
		if (name === "changelog")
			for (const { key, value } of changelog)
				world.write("changelog", [String(key), String(value)]);
		const error = await refusal(world);
		expect(error.code).toBe(code);
		expect(error.message).toContain("deleted and made again");
	});

	test("an input of a broker without ids is recognized by its end, also while the stage runs", async () => {
		const world = new StageWorld();
		const log = { ...world.log, topicId: async () => undefined };
		const started = world.start({ log });
		world.write("input", "a", "b");
		await world.until(() => world.outputs().length === 2);
		world.broker.topics.remove("input");
		make(world, "input");
		world.write("input", "c");
		await world.until(() => "error" in started.outcome, 15_000);
		const error = started.outcome.error as StreamsError;
		expect(error.code).toBe("input-mismatch");
		expect(error.message).toContain("lies past the end");
	});

	test("a position of an older version, without ids, is gone on with and gets them", async () => {
		const world = new StageWorld();
		world.broker.topics.ensure([topics.changelog]);
		world.write("input", "a", "b");
		world.write("changelog", ["s/a", "1"], position(1));
		const started = world.start();
		await world.until(() => world.outputs().length === 1);
		const last = world
			.committed("changelog")
			.findLast(({ key }) => String(key) === "position");
		expect(JSON.parse(String(last?.value)).topicIds).toEqual({
			input: await world.log.topicId("input"),
			output: await world.log.topicId("output"),
			changelog: await world.log.topicId("changelog"),
		});
		await started.stop();
	});
});
