/** A process that was overtaken before it wrote anything sees a later owner's work, and must not take it for a fault of the topics. */
import { Registry } from "prom-client";
import { expect, test } from "vitest";
import type { Log } from "../src/log.ts";
import { MemoryBroker } from "../src/memory/broker.ts";
import { memoryLog } from "../src/memory/memory-log.ts";
import { runStage } from "../src/stage/run-stage.ts";
import type { Stage } from "../src/stage/stage.ts";
import { VirtualTime } from "../src/testing/virtual-time.ts";
import { topicSpec } from "./contract/log-under-test.ts";

const copy: Stage<string, null, string> = {
	name: "copy",
	decode: ({ value }) => String(value),
	keyOf: (value) => value,
	step: (_, value) => ({ outputs: [value] }),
	encodeOutput: (value) => ({ key: value, value, timestamp: 0 }),
	state: { encode: () => "", decode: () => null },
	config: {},
};

const topics = {
	input: "input",
	output: topicSpec({ name: "output", partitions: 1 }),
	changelog: topicSpec({
		name: "changelog",
		partitions: 1,
		cleanup: "compact",
	}),
	deadLetter: topicSpec({ name: "dead-letter", partitions: 1 }),
};

function setUp() {
	const time = new VirtualTime();
	const broker = new MemoryBroker({ clock: time });
	broker.topics.ensure([topicSpec({ name: "input", partitions: 1 })]);
	broker.topics.append("input", 0, [
		{ partition: 0, key: "a", value: "a", timestamp: 0 },
	]);
	const log = memoryLog({ broker });
	const warnings: object[] = [];
	/** Of a group of its own: the group has given the partition to both. */
	const start = (groupId: string, on: Log = log) => {
		const stop = new AbortController();
		const registry = new Registry();
		const outcome: { error?: unknown } = {};
		const stage = runStage({
			stage: copy,
			topics,
			log: on,
			logger: {
				debug() {},
				info() {},
				warn: (fields) => warnings.push(fields),
				error: (fields) => warnings.push(fields),
			},
			registry,
			options: { groupId },
			signal: stop.signal,
			clock: time,
		});
		stage.ended.catch((error: unknown) => {
			outcome.error = error;
		});
		return { stage, stop, outcome, registry };
	};
	const committed = (topic: string) =>
		broker.topics.partition(topic, 0).read(0, 100)?.records ?? [];
	return { time, broker, log, start, committed, warnings };
}

/** A log whose answer about one topic's offsets waits. */
function slowOffsets(log: Log, topic: string) {
	const gate = Promise.withResolvers<void>();
	let asked = false;
	return {
		asked: () => asked,
		answer: gate.resolve,
		log: {
			...log,
			offsets: async (name: string) => {
				if (name === topic) {
					asked = true;
					await gate.promise;
				}
				return log.offsets(name);
			},
		},
	};
}

test("outputs of a later owner are not foreign records", async () => {
	const { time, log, start, committed, warnings } = setUp();
	const slow = slowOffsets(log, "output");
	const first = start("first", slow.log);
	expect(await time.runUntil(slow.asked, 10_000)).toBe(true);
	const second = start("second");
	const written = () => committed("output").length > 0;
	expect(await time.runUntil(written, 10_000)).toBe(true);
	second.stop.abort();
	slow.answer();
	const fenced = () => warnings.some((w) => "code" in w && w.code === "fenced");
	expect(await time.runUntil(fenced, 10_000)).toBe(true);
	expect(first.outcome).toEqual({});
	first.stop.abort();
	await time.runUntil(() => false, 1_000);
	expect(committed("output").length).toBe(1);
});

test("input that a later owner has processed, and retention has deleted, is not lost", async () => {
	const { time, broker, log, start, committed } = setUp();
	// The position is written by an earlier run, so that the first one restores it.
	const earlier = start("earlier");
	const written = (n: number) => () => committed("output").length === n;
	expect(await time.runUntil(written(1), 10_000)).toBe(true);
	earlier.stop.abort();
	await time.runUntil(() => false, 5_000);
	let gated = false;
	const gate = Promise.withResolvers<void>();
	const first = start("first", {
		...log,
		offsets: async (name) => {
			const prepared = committed("changelog").filter(
				({ key }) => String(key) === "barrier",
			);
			if (name === "input" && prepared.length > 1) {
				gated = true;
				await gate.promise;
			}
			return log.offsets(name);
		},
	});
	expect(await time.runUntil(() => gated, 10_000)).toBe(true);
	broker.topics.append("input", 0, [
		{ partition: 0, key: "b", value: "b", timestamp: 0 },
	]);
	const second = start("second");
	expect(await time.runUntil(written(2), 10_000)).toBe(true);
	second.stop.abort();
	broker.topics.partition("input", 0).deleteBelow(2);
	gate.resolve();
	await time.runUntil(() => false, 5_000);
	expect(first.outcome).toEqual({});
	const lost = await first.registry
		.getSingleMetric("fireworks_stage_records_lost_to_retention_total")
		?.get();
	expect(lost?.values.reduce((n, { value }) => n + value, 0)).toBe(0);
	first.stop.abort();
	await time.runUntil(() => false, 1_000);
});
