/**
 * services/ingest as a process, broker included: records a second in NDJSON batches over a few
 * connections, and the latency of single records, one after the other, with and without
 * Idempotency-Key. CPU seconds are those of the service and of the broker: they do not depend on
 * what else runs.
 *
 *     node bench/http-ingest/run.ts [--records 400000] [--batch 1000] [--connections 4]
 *         [--singles 500]
 */
import { spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { Agent, request } from "node:http";
import { cpus } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { freePort } from "@fireworks/local-kafka";
import { endWithUs, startTestKafka } from "@fireworks/local-kafka/testing";
import { defineStream, publish } from "@fireworks/pipeline";
import { z } from "zod";
import { newStream, testLog } from "../../tests/harness/stream.ts";
import { waitFor } from "../../tests/harness/wait-for.ts";
import { cpuSeconds } from "../system/processes.ts";

const { values } = parseArgs({
	options: {
		records: { type: "string", default: "400000" },
		batch: { type: "string", default: "1000" },
		connections: { type: "string", default: "4" },
		singles: { type: "string", default: "500" },
	},
});
const [records, batch, connections, singles] = [
	values.records,
	values.batch,
	values.connections,
	values.singles,
].map(Number) as [number, number, number, number];
const MAIN = join(import.meta.dirname, "../../services/ingest/src/main.ts");
const WARM_UP_BATCHES = 20;

const kafka = await startTestKafka({ heapMb: 512, fullSpeed: true });
const log = testLog(kafka.brokers);
const { environment, settings } = newStream(kafka.brokers);
const { description } = defineStream({
	name: "readings",
	schema: z.object({
		device: z.string(),
		at: z.iso.datetime({ offset: true }),
		temperature: z.number().nullable(),
		wind: z.number().nullable(),
	}),
	key: "device",
	time: { path: "at" },
	measures: { temperature: {}, wind: {} },
});
await publish({ log, settings, streams: [description] });
const port = await freePort();
const child = spawn(process.execPath, [MAIN], {
	env: {
		PATH: process.env.PATH,
		...environment,
		FIREWORKS_INGEST_PORT: String(port),
		FIREWORKS_LOG_LEVEL: "error",
	},
	stdio: ["ignore", "inherit", "inherit"],
});
endWithUs(child);
const pid = child.pid as number;
const agent = new Agent({ keepAlive: true, maxSockets: connections });

try {
	await waitFor("the service to be ready", async () => {
		const answer = await fetch(`http://127.0.0.1:${port}/readyz`);
		return answer.ok;
	});
	console.log(`${cpus().length} cores, ${cpus()[0]?.model}`);
	await sendBatches(WARM_UP_BATCHES);
	await measureBatches();
	await measureSingles("without a key", () => ({}));
	await measureSingles("with a key", () => ({
		"idempotency-key": randomUUID(),
	}));
} finally {
	agent.destroy();
	child.kill("SIGTERM");
	await once(child, "exit");
	await log.close();
	await kafka.stop();
}

function recordText(i: number): string {
	const at = new Date(1_767_225_600_000 + i * 1_000).toISOString();
	return `{"device":"device-${i % 1_000}","at":"${at}","temperature":${(i % 400) / 10},"wind":${(i % 70) / 10}}`;
}

/** Resolves when the records are written. */
async function post(body: string, headers: Record<string, string> = {}) {
	const client = request({
		agent,
		port,
		path: "/streams/readings",
		method: "POST",
		headers: { "content-type": "application/x-ndjson", ...headers },
	});
	client.end(body);
	const [response] = await once(client, "response");
	let text = "";
	for await (const part of response) text += part;
	if (response.statusCode !== 200)
		throw new Error(`${response.statusCode}: ${text}`);
}

async function sendBatches(count: number): Promise<void> {
	const bodies = Array.from({ length: 20 }, (_, n) =>
		Array.from({ length: batch }, (_, i) => recordText(n * batch + i)).join(
			"\n",
		),
	);
	let next = 0;
	const client = async () => {
		while (next < count) await post(bodies[next++ % bodies.length] as string);
	};
	await Promise.all(Array.from({ length: connections }, client));
}

async function measureBatches(): Promise<void> {
	const count = Math.ceil(records / batch);
	const cpu = [cpuSeconds(pid), cpuSeconds(kafka.pid)] as const;
	const started = performance.now();
	await sendBatches(count);
	const seconds = (performance.now() - started) / 1_000;
	const used = (i: 0 | 1, of: number) => (cpuSeconds(of) - cpu[i]).toFixed(1);
	console.log(
		`batches of ${batch} over ${connections} connections: ${count * batch} records in ${seconds.toFixed(1)} s = ${Math.round((count * batch) / seconds)} records/s; CPU ${used(0, pid)} s service, ${used(1, kafka.pid)} s broker`,
	);
}

async function measureSingles(
	what: string,
	headers: () => Record<string, string>,
): Promise<void> {
	const times: number[] = [];
	for (let i = 0; i < singles + 50; i++) {
		const started = performance.now();
		await post(recordText(i), headers());
		// The first are a warm-up.
		if (i >= 50) times.push(performance.now() - started);
	}
	times.sort((a, b) => a - b);
	const at = (share: number) =>
		(times[Math.floor(times.length * share)] ?? Number.NaN).toFixed(1);
	console.log(
		`single records ${what}: p50 ${at(0.5)} ms, p90 ${at(0.9)} ms, p99 ${at(0.99)} ms, longest ${times.at(-1)?.toFixed(1)} ms`,
	);
}
