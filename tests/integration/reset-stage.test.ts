/** `fireworks stages` and `fireworks reset STAGE --from ...` on a real broker, with real stages. */
import { randomUUID } from "node:crypto";
import { defineStage, type LogRecord } from "@fireworks/streams";
import { expect, test } from "vitest";
import { z } from "zod";
import { cliRunner } from "../harness/cli-run.ts";
import { killProcessesAfterEach } from "../harness/node-process.ts";
import { startRunner } from "../harness/runner-run.ts";
import { startStage } from "../harness/stage-run.ts";
import {
	newStream,
	readTopic,
	settledOffsets,
	type TestStream,
} from "../harness/stream.ts";
import { waitFor, waitForValue } from "../harness/wait-for.ts";
import { batchOf, weatherRows } from "../harness/weather-batch.ts";
import { withBroker } from "../harness/with-broker.ts";

const broker = withBroker();
killProcessesAfterEach();
const { run } = cliRunner();

const PARTITIONS = 2;

/** The sum of a key's numbers so far. */
const sums = (name: string) =>
	defineStage({
		name,
		input: z.object({ n: z.int() }),
		state: z.int(),
		output: z.object({ n: z.int() }),
		step: (sum = 0, { value: { n } }) => ({
			state: sum + n,
			outputs: [{ value: { n: sum + n } }],
		}),
	});

interface Chain extends TestStream {
	readonly input: string;
	readonly first: { input: string; output: string };
	readonly second: { input: string; output: string };
}

/** Two stages in a row over an input of 40 records of 4 keys. */
async function newChain(): Promise<Chain> {
	const id = randomUUID().slice(0, 8);
	const input = `${id}-numbers`;
	const stream = newStream(broker.kafka.brokers);
	await broker.log.ensureTopics([
		{
			name: input,
			partitions: PARTITIONS,
			replicationFactor: 1,
			cleanup: "delete",
			config: { "cleanup.policy": "delete", "retention.ms": "-1" },
		},
	]);
	for (let n = 0; n < 40; n++) await append(input, n);
	return {
		...stream,
		input,
		first: { input, output: `${id}-sums` },
		second: { input: `${id}-sums`, output: `${id}-sums-of-sums` },
	};
}

const append = (topic: string, n: number) =>
	broker.log.append(topic, {
		partition: n % PARTITIONS,
		key: `k${n % 4}`,
		value: `{"n":${n}}`,
		timestamp: 1_767_225_600_000 + n * 1_000,
	});

type Names = { input: string; output: string };
const stageOf = (chain: Chain, names: Names) =>
	startStage(broker.log, chain, sums(names.output), names);

/** Runs the stage until its output holds so many records, and stops it. */
async function process(
	chain: Chain,
	names: Names,
	count: number,
): Promise<LogRecord[]> {
	const stage = stageOf(chain, names);
	await waitFor(`the topic ${names.output}`, () =>
		broker.log.offsets(names.output),
	);
	const records = await readTopic(
		broker.log,
		names.output,
		(all) => all.length >= count,
	);
	await stage.stop();
	return records;
}

/**
 * What a recomputation must give again: the records of each key, in their order. Two tasks may
 * write to one partition, in any order of their keys.
 */
const content = (records: readonly LogRecord[]) =>
	Map.groupBy(
		records.map(({ partition, key, value, headers }) => ({
			key: `${partition}/${key}`,
			content: [String(value), headers],
		})),
		({ key }) => key,
	);

const highs = async (topic: string) =>
	(await settledOffsets(broker.log, topic))?.map(({ high }) => high);

test("the recomputed output equals the first one; downstream stages are named, or reset too", async () => {
	const chain = await newChain();
	const { first, second, environment } = chain;
	const before = content(await process(chain, first, 40));
	const beforeSecond = content(await process(chain, second, 40));

	const dry = await run(
		environment,
		...["reset", first.output, "--from", "earliest", "--dry-run"],
	);
	expect([dry.code, dry.stdout]).toEqual([
		0,
		expect.stringContaining(`${second.output} reads ${first.output}`),
	]);
	expect(await highs(first.output)).not.toEqual([0, 0]);

	const { code, stdout, stderr } = await run(
		environment,
		...["reset", first.output, "--from", "earliest"],
	);
	expect([code, stderr]).toEqual([0, ""]);
	expect(stdout).toContain(`deleted and created again: ${first.output} `);
	expect(await highs(first.output)).toEqual([0, 0]);
	// What was not reset notices that its input is another topic.
	await expect(stageOf(chain, second).ended).rejects.toMatchObject({
		code: "input-mismatch",
	});
	expect(content(await process(chain, first, 40))).toEqual(before);

	const both = await run(
		environment,
		...["reset", first.output, "--from", "earliest", "--downstream"],
	);
	expect([both.code, both.stdout]).toEqual([
		0,
		expect.stringContaining(
			`downstream, reset from the beginning: ${second.output}`,
		),
	]);
	expect(content(await process(chain, first, 40))).toEqual(before);
	expect(content(await process(chain, second, 40))).toEqual(beforeSecond);
});

test("from a time: the states start empty at the first record of that time", async () => {
	const chain = await newChain();
	await process(chain, chain.first, 40);
	const { code, stdout } = await run(
		chain.environment,
		...["reset", chain.first.output, "--from", "2026-01-01T00:00:36Z"],
	);
	expect([code, stdout]).toEqual([0, expect.stringContaining("2026-01-01T00")]);
	const records = await process(chain, chain.first, 4);
	expect(
		records.map(({ value }) => JSON.parse(String(value)).n).sort(),
	).toEqual([36, 37, 38, 39]);
});

test("refused while the stage runs, whatever its group is called; then nothing is changed", async () => {
	const chain = await newChain();
	await process(chain, chain.first, 40);
	const stage = stageOf(chain, chain.first);
	const reset = (...args: string[]) =>
		run(
			chain.environment,
			...["reset", chain.first.output, "--from", "earliest", ...args],
		);
	const { stdout } = await waitForValue(
		"stages to know its member",
		() => run(chain.environment, "stages", "--json"),
		({ stdout }) =>
			JSON.parse(stdout).stages.some(
				(one: { name: string; members: string[] }) =>
					one.name === chain.first.output && one.members.length === 1,
			),
	);
	expect(
		JSON.parse(stdout).stages.find(
			(one: { name: string }) => one.name === chain.first.output,
		),
	).toMatchObject({
		inputs: [chain.input],
		output: chain.first.output,
		partitions: PARTITIONS,
		lag: { count: 0, exact: true },
		states: { count: 4, exact: true },
	});
	const before = await highs(chain.first.output);
	const refused = await reset();
	expect([refused.code, refused.stderr]).toEqual([
		1,
		expect.stringContaining(`Not reset: ${chain.first.output} runs.`),
	]);
	const foreign = await reset("--restart");
	expect([foreign.code, foreign.stderr]).toEqual([
		1,
		expect.stringContaining("not run by a part of the local system"),
	]);
	expect(await highs(chain.first.output)).toEqual(before);
	await stage.stop();
	expect((await reset()).code).toBe(0);
});

test("a process that was paused before the reset writes nothing into the new topics", async () => {
	const environment = {
		FIREWORKS_BROKERS: broker.kafka.brokers.join(","),
		FIREWORKS_PROCESSOR_SESSION_TIMEOUT_MS: "3000",
	};
	const name = "weather-means";
	const windows = batchOf(await weatherRows()).size;
	const means = () =>
		readTopic(broker.log, name, (all) => all.length >= windows).then(content);
	const paused = await startRunner(environment, "pipelines/weather");
	await waitFor("the means", () => broker.log.offsets(name));
	const before = await means();
	paused.child.kill("SIGSTOP");
	const reset = await waitForValue(
		"the group to be empty, and the reset",
		() => run(environment, "reset", name, "--from", "earliest", "--downstream"),
		({ code }) => code === 0,
	);
	expect(reset.stdout).toContain(`${name}, weather-alerts: reset.`);
	paused.child.kill("SIGCONT");
	expect([await paused.exit, paused.output()]).toEqual([
		78,
		expect.stringContaining("was deleted and made again"),
	]);
	const again = await startRunner(environment, "pipelines/weather");
	await again.ready();
	expect(await means()).toEqual(before);
	const { stdout } = await run(environment, "stages");
	const row = stdout.split("\n").find((line) => line.startsWith(name));
	expect(row?.split(/ {2,}/).slice(0, 4)).toEqual([
		name,
		"weather",
		"weather-readings",
		name,
	]);
	again.child.kill("SIGTERM");
	expect(await again.exit).toBe(0);
});

test("what is wrong is said: no such stage, a clock, neither --key nor --from, both", async () => {
	const { environment } = newStream(broker.kafka.brokers);
	const refused = async (...args: string[]) => {
		const { code, stderr } = await run(environment, "reset", ...args);
		return `${code} ${stderr}`;
	};
	expect(await refused("nothing", "--from", "earliest")).toContain(
		'64 There is no stage "nothing": ',
	);
	expect(await refused("metronome", "--from", "earliest")).toContain(
		"64 metronome has no input that could be processed again: it is the clock.",
	);
	expect(await refused("processor", "--from", "earliest")).toContain(
		"1 processor has no topics yet",
	);
	expect(await refused("processor")).toContain("64 What is to be reset?");
	expect(await refused("processor", "--key", "a", "--from", "1h")).toContain(
		"64 --key resets one key",
	);
	expect(await refused("processor", "--from", "latest")).toContain(
		"64 --from latest: expected earliest",
	);
});
