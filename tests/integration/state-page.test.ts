/** The state of a key, asked of any process of a stage, on a real broker. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { EXIT, partitionOf } from "@fireworks/contracts";
import { freePort } from "@fireworks/local-kafka";
import { expect, onTestFinished, test } from "vitest";
import { settledOffsets } from "../harness/stream.ts";
import { waitFor } from "../harness/wait-for.ts";
import { withBroker } from "../harness/with-broker.ts";

const PROGRAM = fileURLToPath(
	new URL("../harness/counting-stage.ts", import.meta.url),
);
const PARTITIONS = 4;
const KEYS = Array.from({ length: 12 }, (_, i) => `thing/${i} ü`);
const TOKEN = "a token of the tests";

interface Shown {
	readonly key: string;
	readonly owner: string;
	readonly position: readonly number[];
	readonly lag: number;
	readonly state?: { readonly count: number };
}

const broker = withBroker();

async function start(token = TOKEN) {
	const port = await freePort();
	const child = spawn(process.execPath, [PROGRAM], {
		env: {
			FIREWORKS_KAFKA_PORT: broker.kafka.brokers[0]?.split(":")[1] ?? "",
			FIREWORKS_STAGE_PORT: String(port),
			STATE_TOKEN: token,
		},
		stdio: ["ignore", "pipe", "inherit"],
	});
	let output = "";
	child.stdout.on("data", (text) => {
		output += String(text);
	});
	const ended = once(child, "exit");
	const kill = async () => {
		child.kill("SIGKILL");
		await ended;
	};
	onTestFinished(kill);
	const address = `http://127.0.0.1:${port}`;
	return {
		kill,
		output: () => output,
		exitCode: async () => (await ended)[0] as number,
		ready: () =>
			waitFor("the stage", async () => (await fetch(`${address}/readyz`)).ok),
		ask: async (key: string, bearer = TOKEN) => {
			const response = await fetch(
				`${address}/state/${encodeURIComponent(key)}`,
				{ headers: { authorization: `Bearer ${bearer}` } },
			);
			return {
				status: response.status,
				json: (await response.json()) as Shown,
			};
		},
	};
}

const add = async (times: number) => {
	for (let n = 0; n < times; n++)
		for (const key of KEYS)
			await broker.log.append("things", {
				partition: partitionOf(Buffer.from(key), PARTITIONS),
				key,
				value: "1",
				timestamp: Date.now(),
			});
};

test("every process answers for every key, also after its owner was killed", async () => {
	await broker.log.ensureTopics([
		{
			name: "things",
			partitions: PARTITIONS,
			replicationFactor: 1,
			cleanup: "delete",
			config: { "retention.ms": "-1" },
		},
	]);
	await add(3);
	const first = await start();
	await first.ready();
	const second = await start();
	await second.ready();
	const owners = new Set<string>();
	for (const one of [first, second])
		for (const key of KEYS) {
			const { json } = await waitFor(`the state of ${key}`, async () => {
				const answer = await one.ask(key);
				const { state, lag } = answer.json;
				return state?.count === 3 && lag === 0 ? answer : undefined;
			});
			const partition = partitionOf(Buffer.from(key), PARTITIONS);
			expect(json).toMatchObject({ key, partition, lag: 0 });
			const [range] = (
				(await settledOffsets(broker.log, "things")) ?? []
			).slice(partition);
			expect(json.position).toEqual([range?.high]);
			owners.add(json.owner);
		}
	expect(owners.size).toBe(2);
	const absent = await first.ask("never seen");
	expect(absent).toMatchObject({
		status: 404,
		json: { key: "never seen", reason: "the key has no state" },
	});
	expect((await first.ask("thing/0 ü", "another token")).status).toBe(401);

	await second.kill();
	await add(1);
	for (const key of KEYS) {
		const answers: { status: number; count: number | undefined }[] = [];
		await waitFor(`the new state of ${key}`, async () => {
			const { status, json } = await first.ask(key);
			answers.push({ status, count: json.state?.count });
			return json.state?.count === 4;
		});
		// Until then it says that it cannot know, or what its position covers.
		for (const { status, count } of answers)
			expect(status === 503 || count === 3 || count === 4).toBe(true);
	}
});

test("a token that is too short is refused at the start", async () => {
	const stage = await start("short");
	expect(await stage.exitCode()).toBe(EXIT.config);
	expect(stage.output()).toContain("a token of at least 16 characters");
});
