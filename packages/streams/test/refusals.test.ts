/** What a stage refuses to go on with: it ends with a code, says what to do, and has written nothing. */
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
	// Barriers apart nothing was committed.
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
		const started = other.start({ topics: { ...topics, input: "other" } });
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
		expect(error.message).toContain("input/0 at 0: a bug");
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

describe("a stage goes on", () => {
	test("at the input's start where retention was faster, and counts what is lost", async () => {
		const world = new StageWorld();
		world.broker.topics.ensure([topics.changelog]);
		world.write("input", "a", "b", "c", "d");
		world.write("changelog", ["s/a", "1"], position(1));
		world.broker.topics.partition("input", 0).deleteBelow(3);
		const started = world.start();
		await world.until(() => world.outputs().length > 0);
		expect(world.outputs()).toEqual(["d1"]);
		expect(await started.metric("records_lost_to_retention_total")).toBe(2);
		await started.stop();
	});

	test("when the input topic is made later", async () => {
		const world = new StageWorld();
		const started = world.start({ topics: { ...topics, input: "later" } });
		await world.pass(5_000);
		expect(started.stage.notReady()).toContain("later is not there yet");
		world.broker.topics.ensure([topicSpec({ name: "later", partitions: 1 })]);
		world.write("later", "a");
		await world.until(() => world.outputs().length > 0);
		await started.stop();
	});

	test("after its consumer fell silent, by a new session", async () => {
		const world = new StageWorld();
		let silent = false;
		const log = world.logWith((member) => {
			const last = member.lastSignOfLife.bind(member);
			let stuckAt: number | undefined;
			member.lastSignOfLife = () => {
				if (!silent) return last();
				stuckAt ??= last();
				return stuckAt;
			};
		});
		const started = world.start({
			log,
			options: { groupId: "group", silenceMaxMs: 4_000 },
		});
		await world.until(() => started.stage.notReady() === undefined);
		silent = true;
		await world.until(() =>
			world.warnings.some((w) => w.code === "consumer-silent"),
		);
		silent = false;
		world.write("input", "a");
		await world.until(() => world.outputs().length > 0);
		await started.stop();
	});

	test("after a rebalance that the coordinator forgot, by a new session", async () => {
		const world = new StageWorld();
		let rebalancing: (() => void) | undefined;
		const log = world.logWith((member) => {
			const start = member.start.bind(member);
			member.start = (handlers) => {
				rebalancing ??= handlers.onRebalancing;
				return start(handlers);
			};
		});
		const started = world.start({
			log,
			options: { groupId: "group", silenceMaxMs: 4_000 },
		});
		await world.until(() => started.stage.notReady() === undefined);
		// Told of a rebalance, after which nothing comes: fetches and heartbeats go on.
		rebalancing?.();
		world.write("input", "a");
		await world.until(() => world.outputs().length > 0);
		expect(world.warnings.map((w) => w.code)).toContain("consumer-silent");
		await started.stop();
	});

	test("after another engine has left its group; until then it stands by, which is ready", async () => {
		const world = new StageWorld();
		let occupied = true;
		const log = world.logWith((member) => {
			const start = member.start.bind(member);
			member.start = (handlers) =>
				occupied
					? Promise.reject(
							new StreamsError("group-occupied", "INCONSISTENT_GROUP_PROTOCOL"),
						)
					: start(handlers);
		});
		const started = world.start({ log });
		expect(started.stage.notReady()).toBe("preparing the topics");
		const refusals = () =>
			world.warnings.filter((w) => w.code === "group-occupied").length;
		// Ready from the first refusal to the last, in every moment in between.
		await world.until(() => refusals() > 0);
		await world.until(() => {
			expect(started.stage.notReady()).toBeUndefined();
			return refusals() > 4;
		});
		occupied = false;
		world.write("input", "a");
		await world.until(() => world.outputs().length > 0);
		await started.stop();
	});

	test("after a restore that took too long, by a new session", async () => {
		const world = new StageWorld();
		let slow = true;
		const log = world.logWith((member) => {
			const start = member.start.bind(member);
			member.start = (handlers) =>
				start({
					...handlers,
					onBatch: async (batch) => {
						if (!slow) await handlers.onBatch(batch);
					},
				});
		});
		const started = world.start({
			log,
			options: { groupId: "group", restoreTimeoutMs: 3_000 },
		});
		await world.until(() =>
			world.warnings.some((w) => w.code === "restore-timeout"),
		);
		slow = false;
		world.write("input", "a");
		await world.until(() => world.outputs().length > 0);
		await started.stop();
	});
});

describe("a transaction is bounded", () => {
	const run = async (options: object) => {
		const world = new StageWorld();
		world.write("input", "aaaa", "bbbb", "cccc", "dddd", "eeee");
		const started = world.start({ options: { groupId: "group", ...options } });
		await world.until(() => world.outputs().length === 5);
		await started.stop();
		return world.transactions.filter(
			({ type, partitions }) =>
				type === "committed" && partitions.includes("output/0"),
		).length;
	};

	test("in input records", async () => {
		expect(await run({ recordsMax: 2 })).toBe(3);
		expect(await run({ recordsMax: 100 })).toBe(1);
	});

	test("in bytes, one record at least", async () => {
		expect(await run({ bytesMax: 1 })).toBe(5);
		expect(await run({ bytesMax: 1_000_000 })).toBe(1);
	});
});
