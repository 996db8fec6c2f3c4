/**
 * services/lake as a process, broker included: how many small records a second it takes from Kafka
 * into a table, and what that costs. The records are in the topic before the service starts, so it
 * works at full speed until the last one is committed.
 *
 *     pnpm bench:lake [--records 2000000] [--partitions 4] [--commit-ms 10000]
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { cpus, loadavg, tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { openReader } from "@fireworks/lake";
import { freePort } from "@fireworks/local-kafka";
import { endWithUs, startTestKafka } from "@fireworks/local-kafka/testing";
import { defineStream, publish, topicOf } from "@fireworks/pipeline";
import { z } from "zod";
import { newStream, testLog } from "../../tests/harness/stream.ts";
import { waitFor } from "../../tests/harness/wait-for.ts";
import { cpuSeconds, residentMb } from "../system/processes.ts";

const { values } = parseArgs({
	options: {
		records: { type: "string", default: "2000000" },
		partitions: { type: "string", default: "4" },
		"commit-ms": { type: "string", default: "10000" },
	},
});
const records = Number(values.records);
const partitions = Number(values.partitions);
const MAIN = join(import.meta.dirname, "../../services/lake/src/main.ts");
const TRANSACTION_RECORDS = 5_000;
const FIRST_TIME = 1_767_225_600_000;
const WAIT_MS = 600_000;
const SAMPLE_MS = 100;

const kafka = await startTestKafka({ heapMb: 512, fullSpeed: true });
const log = testLog(kafka.brokers);
const folder = mkdtempSync(join(tmpdir(), "fireworks-bench-lake-"));
const { environment, settings } = newStream(kafka.brokers);
const { description } = defineStream({
	name: "readings",
	schema: z.object({
		device: z.string(),
		at: z.int(),
		seq: z.int(),
		temperature: z.number(),
		ok: z.boolean(),
	}),
	key: "device",
	time: { path: "at", unit: "ms" },
	measures: { temperature: {} },
});
await log.ensureTopics([{ ...topicOf(description, settings), partitions }]);
await publish({ log, settings, streams: [description] });
await preload();

const port = await freePort();
const child = spawn(process.execPath, [MAIN], {
	env: {
		PATH: process.env.PATH,
		...environment,
		FIREWORKS_LAKE_PORT: String(port),
		FIREWORKS_LAKE_DIR: folder,
		FIREWORKS_LAKE_COMMIT_MS: values["commit-ms"],
		FIREWORKS_LOG_LEVEL: "error",
	},
	stdio: ["ignore", "inherit", "inherit"],
});
endWithUs(child);
const pid = child.pid as number;
const reader = openReader({ catalog: { kind: "files", folder } });

interface Page {
	tables: { stream: string; rowsWritten: number; commits: number }[];
}
const get = async (path: string) =>
	(await fetch(`http://127.0.0.1:${port}${path}`)).text();
const written = async (): Promise<number> => {
	const { tables } = JSON.parse(await get("/tables")) as Page;
	return tables.find(({ stream }) => stream === "readings")?.rowsWritten ?? 0;
};

try {
	await waitFor("the first commit", async () => (await written()) > 0);
	const first = await written();
	const started = performance.now();
	const cpu = cpuSeconds(pid);
	let memory = 0;
	const sampling = setInterval(() => {
		memory = Math.max(memory, residentMb(pid));
	}, SAMPLE_MS);
	await waitFor("all rows", async () => (await written()) >= records, WAIT_MS);
	clearInterval(sampling);
	const seconds = (performance.now() - started) / 1_000;
	const used = cpuSeconds(pid) - cpu;
	const rows = records - first;
	const snapshot = await reader.snapshot("readings");
	const bytes = snapshot?.files.reduce((sum, one) => sum + one.bytes, 0) ?? 0;
	console.log(
		`${cpus().length} cores, ${cpus()[0]?.model}, load ${loadavg()[0]?.toFixed(1)}`,
	);
	console.log(
		`${rows} rows in ${seconds.toFixed(1)} s = ${Math.round(rows / seconds)} rows/s; ${((used / rows) * 1e6).toFixed(1)} CPU s a million rows; peak ${memory.toFixed(0)} MB`,
	);
	console.log(
		`${snapshot?.rows} rows in ${snapshot?.files.length} files, ${(bytes / 1e6).toFixed(1)} MB; commits:`,
	);
	const metrics = await get("/metrics");
	for (const line of metrics.split("\n"))
		if (/^fireworks_lake_commit_seconds/.test(line)) console.log(`  ${line}`);
	if (snapshot?.rows !== records)
		throw new Error(
			`the table has ${snapshot?.rows} rows instead of ${records}`,
		);
} finally {
	child.kill("SIGTERM");
	await once(child, "exit");
	await log.close();
	await kafka.stop();
	rmSync(folder, { recursive: true, force: true });
}

async function preload(): Promise<void> {
	const producer = log.transactionalProducer("bench", 60_000);
	for (let from = 0; from < records; from += TRANSACTION_RECORDS)
		await producer.transact(
			new Map([
				[
					"readings",
					Array.from(
						{ length: Math.min(TRANSACTION_RECORDS, records - from) },
						(_, i) => recordOf(from + i),
					),
				],
			]),
		);
	await producer.close();
}

function recordOf(seq: number) {
	const device = `device-${seq % 1_000}`;
	const at = FIRST_TIME + Math.floor(seq / 1_000) * 1_000;
	return {
		partition: seq % partitions,
		key: device,
		value: `{"device":"${device}","at":${at},"seq":${seq},"temperature":${(seq % 400) / 10},"ok":true}`,
		timestamp: at,
	};
}
