/** Faults after which a stage goes on by itself, and the bounds of its transactions. */
import { describe, expect, test } from "vitest";
import { StreamsError } from "../src/errors.ts";
import { topicSpec } from "./contract/log-under-test.ts";
import { StageWorld, topics } from "./stage-world.ts";

const position = (
	next: number,
	partitions = 1,
	config = {},
): [string, string] => [
	"position",
	JSON.stringify({ next: String(next), partitions, config }),
];

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
		const started = world.start({ topics: { ...topics, inputs: ["later"] } });
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
		// Report a rebalance that never completes: fetches and heartbeats continue.
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
		// It must be ready at every moment from the first refusal to the last.
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
