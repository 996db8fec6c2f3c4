/** services/ingest while Kafka does not answer: bounded, and exactly once when it is back. */
import { afterEach, expect, test } from "vitest";
import {
	type HttpIngestRun,
	type Posted,
	startHttpIngest,
} from "../harness/http-ingest-run.ts";
import { meterStream, meterText } from "../harness/meter-stream.ts";
import { killProcessesAfterEach } from "../harness/node-process.ts";
import { waitFor, waitForValue } from "../harness/wait-for.ts";
import { withBroker } from "../harness/with-broker.ts";

const broker = withBroker();
killProcessesAfterEach();
afterEach(() => {
	process.kill(broker.kafka.pid, "SIGCONT");
});

const MEBIBYTE = 1_048_576;
const BODIES_BYTES_MAX = 64 * MEBIBYTE;
const REQUESTS_MAX = 256;

/** A body of 4 MiB: about 1,000 records. */
const large = (from: number): string => {
	const pad = " ".repeat(4_000);
	return Array.from({ length: 1_000 }, (_, i) =>
		meterText(from + i).replace("{", `{${pad}`),
	).join("\n");
};

const metricOf = async (run: HttpIngestRun, name: string): Promise<number> => {
	const { text } = await run.get("/metrics");
	const line = text.split("\n").find((one) => one.startsWith(`${name} `));
	return Number(line?.split(" ")[1]);
};

const byStatus = (answers: readonly Posted[]) =>
	Map.groupBy(answers, ({ status }) => status);

test("while Kafka stands still, memory is bounded, and what does not fit gets 429", async () => {
	const stream = await meterStream(broker);
	const run = await startHttpIngest(stream.environment);
	await run.ready();
	expect((await run.post(stream.name, large(0))).status).toBe(200);
	const memory = () => metricOf(run, "process_resident_memory_bytes");
	process.kill(broker.kafka.pid, "SIGSTOP");
	const sent = Array.from({ length: 40 }, (_, i) =>
		run.post(stream.name, large(i * 1_000)),
	);
	const all = Promise.all(sent);
	let peak = 0;
	let bytes = 0;
	let done = false;
	const answers = all.finally(() => {
		done = true;
	});
	await waitFor("all answers", async () => {
		peak = Math.max(peak, await memory());
		bytes = Math.max(
			bytes,
			await metricOf(run, "fireworks_ingest_bytes_in_progress"),
		);
		return done;
	});
	const statuses = byStatus(await answers);
	expect([...statuses.keys()].sort()).toEqual([429, 503]);
	const refused = statuses.get(429) as Posted[];
	expect(refused.length).toBeGreaterThanOrEqual(40 - 17);
	expect(refused[0]?.headers.get("retry-after")).toBe("1");
	expect(bytes).toBeGreaterThan(BODIES_BYTES_MAX / 2);
	expect(bytes).toBeLessThanOrEqual(BODIES_BYTES_MAX);
	expect(peak).toBeLessThan(600 * MEBIBYTE);

	process.kill(broker.kafka.pid, "SIGCONT");
	await waitForValue(
		"records to be taken again",
		async () => (await run.post(stream.name, meterText(1))).status,
		(status) => status === 200,
	);
	await waitForValue(
		"the bytes to be free again",
		() => metricOf(run, "fireworks_ingest_bytes_in_progress"),
		(value) => value === 0,
	);
});

test("requests with a key that Kafka did not take in time are written once when it is back", async () => {
	const stream = await meterStream(broker);
	const run = await startHttpIngest(stream.environment);
	await run.ready();
	const texts = Array.from({ length: REQUESTS_MAX }, (_, i) => meterText(i));
	const send = (text: string, i: number) =>
		run.post(stream.name, text, { "idempotency-key": `key-${i}` });
	const [first = "", ...others] = texts;
	await send(first, 0);
	process.kill(broker.kafka.pid, "SIGSTOP");
	const answers = await Promise.all(others.map((text, i) => send(text, i + 1)));
	expect([...byStatus(answers).keys()]).toEqual([503]);
	expect(answers[0]?.json.error.code).toBe("not-written");
	process.kill(broker.kafka.pid, "SIGCONT");
	for (const [i, text] of texts.entries()) {
		const answer = await waitFor(`the answer to key-${i}`, async () => {
			const repeated = await send(text, i);
			return repeated.status === 200 && repeated;
		});
		expect(answer.json).toEqual({ accepted: 1, refused: 0, errors: [] });
	}
	expect(await stream.allTexts()).toEqual([...texts].sort());
});
