/**
 * How long a processor takes to restore many keys, and the memory cost of a key.
 *
 *     pnpm bench:restore [--keys 1000000]
 */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import {
	partitionOf,
	positionSchema,
	processorTopics,
} from "@fireworks/contracts";
import { startTestKafka } from "@fireworks/local-kafka/testing";
import type { OutgoingRecord } from "@fireworks/streams";
import { startService, stopAllServices } from "../../tests/harness/service.ts";
import { newStream, testLog } from "../../tests/harness/stream.ts";
import { inputTopic } from "../throughput/topics.ts";
import { INSPECT, liveHeapMb } from "./heap.ts";

const { values } = parseArgs({
	options: { keys: { type: "string", default: "1000000" } },
});
const KEYS = Number(values.keys);
const PER_TRANSACTION = 20_000;

const kafka = await startTestKafka({ heapMb: 1_024, fullSpeed: true });
const log = testLog(kafka.brokers);
try {
	const empty = await measure(0);
	const full = await measure(KEYS);
	console.log(`${cpus().length} cores, ${cpus()[0]?.model}\n`);
	console.log(
		"| keys | restored in, s (slowest partition) | live heap, MB |\n|---|---|---|",
	);
	console.log(
		`| 0 | ${empty.seconds.toFixed(2)} | ${empty.mb.toFixed(0)} |\n| ${KEYS} | ${full.seconds.toFixed(2)} | ${full.mb.toFixed(0)} |`,
	);
	console.log(
		`\n${(((full.mb - empty.mb) * 1e6) / KEYS).toFixed(0)} bytes a key`,
	);
} finally {
	await stopAllServices();
	await log.close();
	await kafka.stop();
}

async function measure(keys: number): Promise<{ seconds: number; mb: number }> {
	const { environment, settings } = newStream(kafka.brokers);
	const { changelog, output, deadLetter, inputs } = processorTopics(settings);
	await log.ensureTopics([
		inputTopic(inputs[0] as string),
		changelog,
		output,
		deadLetter,
	]);
	const partitions = Array.from({ length: settings.partitions }, (_, p) => p);
	const records: OutgoingRecord[][] = partitions.map(() => []);
	const position = JSON.stringify(
		positionSchema.parse({
			next: "0",
			partitions: settings.partitions,
			config: { seed: settings.seed },
		}),
	);
	for (let i = 0; i < keys; i++) {
		const id = `device-${String(i).padStart(7, "0")}`;
		const partition = partitionOf(Buffer.from(id), settings.partitions);
		records[partition]?.push({
			partition,
			key: `s/${id}`,
			value: `{"seq":${i},"timestamp":1767225600000,"value":${Math.sqrt(i)}}`,
			timestamp: Date.now(),
		});
	}
	for (const partition of partitions) {
		const producer = log.transactionalProducer(`restore-${partition}`, 30_000);
		const all = [
			...(records[partition] ?? []),
			{ partition, key: "position", value: position, timestamp: Date.now() },
		];
		for (let from = 0; from < all.length; from += PER_TRANSACTION)
			await producer.transact(
				new Map([[changelog.name, all.slice(from, from + PER_TRANSACTION)]]),
			);
		await producer.close();
	}
	const processor = await (
		await startService("processor", environment, INSPECT)
	).ready(120_000);
	const seconds = Math.max(
		...processor.log
			.filter((line) => line.msg === "the partition is running")
			.map((line) => Number(line.seconds)),
	);
	const mb = await liveHeapMb(processor);
	await processor.stop();
	return { seconds, mb };
}
