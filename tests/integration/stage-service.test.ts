/** serveStage as a user meets it: a program, a real broker, and as few settings as possible. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import { EVENT_TIME_HEADER, EXIT, partitionOf } from "@fireworks/contracts";
import { freePort } from "@fireworks/local-kafka";
import { expect, onTestFinished, test } from "vitest";
import { readTopic } from "../harness/stream.ts";
import { waitFor } from "../harness/wait-for.ts";
import { withBroker } from "../harness/with-broker.ts";

const PROGRAM = fileURLToPath(
	new URL("../harness/old-days-stage.ts", import.meta.url),
);
const PARTITIONS = 3;
const YEAR_2012 = Date.UTC(2012, 0, 1);
const DAY_MS = 86_400_000;

const broker = withBroker();

function start(environment: Record<string, string>) {
	const child = spawn(process.execPath, [PROGRAM], {
		env: environment,
		stdio: ["ignore", "pipe", "pipe"],
	});
	let log = "";
	for (const stream of [child.stdout, child.stderr])
		stream.on("data", (text) => {
			log += String(text);
		});
	const ended = once(child, "exit");
	onTestFinished(async () => {
		child.kill("SIGKILL");
		await ended;
	});
	return {
		log: () => log,
		kill: async (signal: NodeJS.Signals) => {
			child.kill(signal);
			await ended;
		},
		exitCode: async () => (await ended)[0] as number,
	};
}

/** The broker by its port only, as `fireworks up` gives it to the parts. */
const environment = async () => ({
	FIREWORKS_KAFKA_PORT: broker.kafka.brokers[0]?.split(":")[1] ?? "",
	FIREWORKS_STAGE_PORT: String(await freePort()),
});

const addDays = async (from: number, count: number) => {
	for (let i = from; i < from + count; i++)
		await broker.log.append("days", {
			partition: i % PARTITIONS,
			key: `day-${i % PARTITIONS}`,
			value: JSON.stringify({ kind: i % 5 === 0 ? "snow" : "sun" }),
			timestamp: YEAR_2012 + i * DAY_MS,
		});
};
const counted = async () =>
	((await broker.log.offsets("day-counts")) ?? []).reduce(
		(sum, { low, high }) => sum + high - low,
		0,
	);

test("creates what it writes once it has its input, re-keys, and is soon back after a kill", async () => {
	const first = start(await environment());
	await waitFor("the stage to miss its input", () =>
		first.log().includes("the input topic days is not there yet"),
	);
	expect(await broker.log.offsets("day-counts")).toBeUndefined();
	await broker.log.ensureTopics([
		{
			name: "days",
			partitions: PARTITIONS,
			replicationFactor: 1,
			cleanup: "delete",
			config: { "retention.ms": "-1" },
		},
	]);
	await addDays(0, 30);
	await waitFor("the days", async () => (await counted()) >= 30);
	const records = await readTopic(
		broker.log,
		"day-counts",
		(all) => all.length >= 30,
	);
	for (const { key, partition, timestamp, headers } of records) {
		expect(partition).toBe(partitionOf(key as Buffer, PARTITIONS));
		expect(Date.now() - timestamp).toBeLessThan(DAY_MS);
		expect(Number(headers[EVENT_TIME_HEADER])).toBeLessThan(
			YEAR_2012 + 30 * DAY_MS,
		);
	}
	const snow = await readTopic(
		broker.log,
		"snow-days",
		(all) => all.length >= 6,
	);
	expect(snow.length).toBe(6);
	await first.kill("SIGKILL");
	const killedAt = performance.now();
	const before = await counted();
	const second = start(await environment());
	await addDays(30, 30);
	await waitFor("the next days", async () => (await counted()) > before);
	// The processor's session time-out in the local system, 2 s, and the start of a process.
	expect(performance.now() - killedAt).toBeLessThan(5_000);
	await second.kill("SIGTERM");
});

test("a port that is taken is named with its setting", async () => {
	const taken = createServer().listen(0, "127.0.0.1");
	await once(taken, "listening");
	onTestFinished(() => {
		taken.close();
	});
	const port = (taken.address() as AddressInfo).port;
	const stage = start({
		...(await environment()),
		FIREWORKS_STAGE_PORT: String(port),
	});
	expect(await stage.exitCode()).toBe(EXIT.config);
	expect(stage.log()).toContain(
		`the port ${port} for health and metrics is in use by another program: set FIREWORKS_STAGE_PORT`,
	);
});
