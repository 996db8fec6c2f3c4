/** `fireworks dead-letters` on a real broker, with letters that a real stage wrote. */
import { randomUUID } from "node:crypto";
import { DeadLetter, defineStage } from "@fireworks/streams";
import { expect, test } from "vitest";
import { z } from "zod";
import { cliRunner } from "../harness/cli-run.ts";
import { startStage } from "../harness/stage-run.ts";
import {
	newStream,
	readTopic,
	settledOffsets,
	type TestStream,
} from "../harness/stream.ts";
import { waitForValue } from "../harness/wait-for.ts";
import { withBroker } from "../harness/with-broker.ts";

const broker = withBroker();
const { run } = cliRunner();

/** Doubles numbers; refuses those that are odd unless `odd`. */
const doubled = (name: string, odd: boolean) =>
	defineStage({
		name,
		input: z.object({ n: z.int() }),
		state: z.int(),
		output: z.object({ n: z.int() }),
		step: (_state, { value: { n } }) => {
			if (n % 2 === 1 && !odd) throw new DeadLetter("odd", `${n} is odd`);
			return { outputs: [{ value: { n: 2 * n } }] };
		},
	});

interface World extends TestStream {
	readonly input: string;
	readonly output: string;
	readonly stage: string;
	readonly deadLetter: string;
}

async function newWorld(): Promise<World> {
	const id = randomUUID().slice(0, 8);
	const stream = newStream(broker.kafka.brokers);
	const input = `${id}-numbers`;
	await broker.log.ensureTopics([
		{
			name: input,
			partitions: 2,
			replicationFactor: 1,
			cleanup: "delete",
			config: { "cleanup.policy": "delete", "retention.ms": "-1" },
		},
	]);
	return {
		...stream,
		input,
		output: `${id}-doubled`,
		stage: `${id}-double`,
		deadLetter: stream.settings.topicDeadLetter,
	};
}

const END = (topic: string) => async () =>
	((await settledOffsets(broker.log, topic)) ?? []).reduce(
		(sum, { high }) => sum + high,
		0,
	);

/** Appends the values, runs the stage until it has written so many letters, and stops it. */
async function refused(
	world: World,
	values: readonly (number | string)[],
	letters: number,
): Promise<void> {
	for (const value of values)
		await broker.log.append(world.input, {
			partition: 0,
			key: "k",
			value: typeof value === "number" ? `{"n":${value}}` : value,
			timestamp: 1_767_225_600_000 + (typeof value === "number" ? value : 0),
			headers: { trace: `t-${value}` },
		});
	const stage = startStage(
		broker.log,
		world,
		doubled(world.stage, false),
		world,
	);
	await readTopic(
		broker.log,
		await waitForValue(
			"the dead letters' topic",
			async () =>
				((await END(world.deadLetter)()) > 0 && world.deadLetter) || "",
			(topic) => topic !== "",
		),
		(all) => all.length >= letters,
	);
	await stage.stop();
}

const numbers = (records: readonly { value: Buffer | null }[]) =>
	records.map(({ value }) => JSON.parse(String(value)).n as number);

test("list counts by stage, source and code; show gives a whole letter, safe to print", async () => {
	const world = await newWorld();
	await refused(world, [2, 3, 5, "\u001b[2Jgarbage", 7], 4);
	const { code, stdout } = await run(
		world.environment,
		...["dead-letters", "list"],
	);
	const rows = stdout.split("\n").map((line) => line.split(/ {2,}/));
	expect([code, rows[1]?.slice(0, 4), rows[2]?.slice(0, 4)]).toEqual([
		0,
		["3", "odd", world.input, world.stage],
		["1", "bad-json", world.input, world.stage],
	]);
	expect(rows[1]?.at(-1)).toMatch(/^0\/\d+ 7 is odd$/);
	const only = await run(
		world.environment,
		...["dead-letters", "list", "--code", "bad-json", "--json"],
	);
	const { total, groups } = JSON.parse(only.stdout);
	expect([total, groups.length, groups[0].count]).toEqual([1, 1, 1]);

	const shown = await run(
		world.environment,
		...["dead-letters", "show", groups[0].example],
	);
	expect(shown.stdout).not.toContain("\u001b");
	expect(shown.stdout).toContain("\\u001b[2Jgarbage");
	expect(shown.stdout).toContain(`source:   ${world.input} 0/3`);
	expect(shown.stdout).toContain(`    stage: ${world.stage}`);
	const none = await run(
		world.environment,
		...["dead-letters", "show", "0/9999"],
	);
	expect([none.code, none.stderr]).toEqual([
		1,
		expect.stringMatching(/holds the offsets 0 to \d+, not 9999/),
	]);
});

test("replay: twice writes once; the bytes, key, headers and time are those of the source", async () => {
	const world = await newWorld();
	await refused(world, [3, "garbage", 5], 3);
	const replay = (...args: string[]) =>
		run(world.environment, "dead-letters", "replay", ...args);
	const before = await END(world.input)();
	const dry = await replay("--code", "odd", "--dry-run");
	expect([dry.code, dry.stdout]).toEqual([
		0,
		expect.stringContaining("2 dead letters would be written back"),
	]);
	expect(await END(world.input)()).toBe(before);

	const first = await replay("--code", "odd", "--stage", world.stage);
	expect([first.code, first.stdout]).toEqual([
		0,
		expect.stringContaining("2 records written."),
	]);
	const end = await END(world.input)();
	const second = await replay("--code", "odd");
	expect([second.code, second.stdout]).toEqual([
		1,
		expect.stringContaining("left out: 2, replayed before"),
	]);
	expect(await END(world.input)()).toBe(end);

	const fixed = startStage(
		broker.log,
		world,
		doubled(world.stage, true),
		world,
	);
	const outputs = await readTopic(
		broker.log,
		world.output,
		(all) => all.length >= 2,
	);
	await fixed.stop();
	expect(numbers(outputs)).toEqual([6, 10]);
	const all = await readTopic(
		broker.log,
		world.input,
		(records) => records.length >= 5,
	);
	const { key, value, timestamp, headers } = all[3] as (typeof all)[0];
	expect([String(key), String(value), timestamp, headers]).toEqual([
		"k",
		'{"n":3}',
		1_767_225_600_003,
		{ trace: "t-3", "replayed-from": `${world.deadLetter}/0/0` },
	]);
});

test("replay: bounded by --limit, goes on with the rest, and --again writes all again", async () => {
	const world = await newWorld();
	await refused(world, [1, 3, 5, 7, 9], 5);
	const replay = async (...args: string[]) =>
		(await run(world.environment, "dead-letters", "replay", ...args)).stdout;
	expect(await replay("--limit", "2")).toContain(
		"left out: 3, beyond the limit of 2",
	);
	expect(await replay()).toContain("3 records written.");
	expect(await replay()).toContain("No dead letter to replay.");
	expect(await replay("--again")).toContain("5 records written.");
	const all = await readTopic(
		broker.log,
		world.input,
		(records) => records.length >= 15,
	);
	expect(numbers(all)).toEqual([
		...[1, 3, 5, 7, 9],
		...[1, 3],
		...[5, 7, 9],
		...[1, 3, 5, 7, 9],
	]);
});

test("two replays at the same time write each letter once", async () => {
	const world = await newWorld();
	await refused(world, [1, 3, 5, 7, 9], 5);
	const both = await Promise.all(
		[1, 2].map(() => run(world.environment, "dead-letters", "replay")),
	);
	// One of them may have been fenced before it wrote anything; a third finds what is missing.
	await run(world.environment, "dead-letters", "replay");
	const all = await readTopic(
		broker.log,
		world.input,
		(records) => records.length >= 10,
	);
	expect(
		numbers(all.slice(5)),
		both.map(({ stdout, stderr }) => stdout + stderr).join("\n"),
	).toEqual([1, 3, 5, 7, 9]);
});

test("what cannot be replayed is said: rows of a file, a topic that is gone; ticks get a warning", async () => {
	const world = await newWorld();
	await refused(world, [1], 1);
	const { topicMetronome } = world.settings;
	await broker.log.ensureTopics([
		{
			name: topicMetronome,
			partitions: 4,
			replicationFactor: 1,
			cleanup: "delete",
			config: { "cleanup.policy": "delete", "retention.ms": "-1" },
		},
	]);
	for (const topic of ["file:a.csv", "gone", topicMetronome])
		await broker.log.append(world.deadLetter, {
			partition: 1,
			key: "k",
			value: "x",
			timestamp: Date.now(),
			headers: {
				"error-code": "bad-row",
				"source-topic": topic,
				"source-partition": "3",
				"source-offset": "0",
			},
		});
	const { stdout } = await run(
		world.environment,
		...["dead-letters", "replay", "--dry-run"],
	);
	expect(stdout).toContain("2 dead letters would be written back");
	expect(stdout).toContain("comes from file:a.csv, which is not a topic");
	expect(stdout).toContain("the topic gone does not exist");
	expect(stdout).toContain("their order matters");
});

test("without dead letters, and with wrong arguments", async () => {
	const { environment } = newStream(broker.kafka.brokers);
	const list = await run(environment, "dead-letters", "list");
	expect([list.code, list.stdout]).toEqual([
		0,
		expect.stringContaining("There are no such dead letters"),
	]);
	const replay = await run(environment, "dead-letters", "replay");
	expect([replay.code, replay.stdout]).toEqual([
		1,
		expect.stringContaining("nothing was refused yet"),
	]);
	for (const args of [
		["show", "seven"],
		["replay", "--limit", "0"],
		["replay", "--limit", "1000000"],
		["forget"],
	])
		expect((await run(environment, "dead-letters", ...args)).code).toBe(64);
});
