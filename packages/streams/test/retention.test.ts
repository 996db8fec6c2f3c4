/** Retention of derived topics, which may hold records of old event times. */
import { EVENT_TIME_HEADER } from "@fireworks/contracts";
import { expect, test } from "vitest";
import { DeadLetter, type Stage } from "../src/index.ts";
import { topicSpec } from "./contract/log-under-test.ts";
import { StageWorld, topics } from "./stage-world.ts";

const YEAR_2012 = Date.UTC(2012, 0, 1);

/** Copies records, and writes the timestamp that it sees. */
const copy: Stage<string, number, string> = {
	name: "copy",
	decode: ({ timestamp }) => String(timestamp),
	keyOf: () => "k",
	step: (_, timestamp) => ({ outputs: [timestamp] }),
	encodeOutput: (timestamp) => ({
		key: "k",
		value: timestamp,
		timestamp: YEAR_2012,
	}),
	state: { encode: String, decode: (_, text) => Number(text) },
	config: {},
};

const kept = topicSpec({
	name: "output",
	partitions: 1,
	config: { "retention.ms": "604800000" },
});

test("a derived topic has the times of its appends, and the next stage sees the event time", async () => {
	const world = new StageWorld();
	const first = world.start({
		stage: copy,
		topics: { ...topics, output: { ...kept, timestamps: "append" } },
	});
	world.write("input", "a");
	await world.until(() => world.outputs().length === 1);
	const [output] = world.committed("output");
	expect(world.time.now() - (output?.timestamp ?? 0)).toBeLessThan(10_000);
	expect(output?.headers).toEqual({ [EVENT_TIME_HEADER]: String(YEAR_2012) });
	const second = world.start({
		groupId: "second",
		stage: { ...copy, name: "second" },
		topics: {
			...topics,
			inputs: ["output"],
			output: topicSpec({ name: "second", partitions: 1 }),
			changelog: topicSpec({
				name: "second-changelog",
				partitions: 1,
				cleanup: "compact",
			}),
		},
	});
	await world.until(() => world.committed("second").length === 1);
	expect(String(world.committed("second")[0]?.value)).toBe(String(YEAR_2012));
	expect(world.warnings).toEqual([]);
	await first.stop();
	await second.stop();
});

test("records older than the retention of their topic are reported once", async () => {
	const world = new StageWorld();
	const started = world.start({
		stage: copy,
		topics: { ...topics, output: kept },
	});
	world.write("input", "a", "b");
	await world.until(() => world.outputs().length === 2);
	world.write("input", "c");
	await world.until(() => world.outputs().length === 3);
	expect(world.warnings).toEqual([
		{
			stage: "copy",
			topic: "output",
			timestamp: YEAR_2012,
			retentionMs: 604_800_000,
		},
	]);
	await started.stop();
});

test("a dead letter names the stage that refused the record", async () => {
	const world = new StageWorld();
	const started = world.start({
		stage: {
			...copy,
			step: () => {
				throw new DeadLetter("no", "not this one");
			},
		},
	});
	world.write("input", "a");
	await world.until(() => world.committed("dead-letter").length === 1);
	expect(world.committed("dead-letter")[0]?.headers).toMatchObject({
		stage: "copy",
		"error-code": "no",
	});
	await started.stop();
});
