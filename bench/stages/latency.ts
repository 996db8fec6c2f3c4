/**
 * The time from the commit of an input to the commit of the second stage's output, as one
 * read_committed reader sees both: a stage after a stage in one process.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { Log } from "@fireworks/streams";
import { inputTopic } from "../throughput/topics.ts";
import { type Job, startStages } from "./job.ts";
import { keyOf, recordOf } from "./preload.ts";

/** The keys of a second come in this many transactions, evenly. */
const TRANSACTIONS_PER_SECOND = 20;
const SETTLE_MS = 5_000;

/** Returns the delays in ms, sorted. Every key has one record a second. */
export async function measureLatency(
	log: Log,
	brokers: readonly string[],
	keys: number,
	seconds: number,
): Promise<number[]> {
	const jobs: Job[] = [
		{ stage: "step", input: "live", output: "live-1" },
		{ stage: "second-step", input: "live-1", output: "live-2" },
	];
	await log.ensureTopics([inputTopic("live"), inputTopic("live-1")]);
	const process = startStages(brokers, jobs);
	const producer = log.transactionalProducer("live-source", 30_000);
	const seenAt = new Map<string, number>();
	const delays: number[] = [];
	let measuring = false;
	try {
		await process.ready();
		const reader = await log.read({
			name: "bench-latency",
			topics: ["live", "live-2"],
			from: () => 0,
			onRecords: (topic, _partition, records) => {
				const now = performance.now();
				for (const { key, value } of records) {
					const { amount, count } = JSON.parse(String(value));
					const id = `${key} ${topic === "live" ? amount * 8 : count - 1}`;
					const other = seenAt.get(id);
					if (other === undefined) seenAt.set(id, now);
					else {
						seenAt.delete(id);
						// The output may be read before its input.
						if (measuring) delays.push(topic === "live" ? 0 : now - other);
					}
				}
			},
		});
		const started = performance.now();
		const perTransaction = Math.ceil(keys / TRANSACTIONS_PER_SECOND);
		const total = (SETTLE_MS / 1_000 + seconds) * TRANSACTIONS_PER_SECOND;
		for (let n = 0; n < total; n++) {
			const due = started + (n * 1_000) / TRANSACTIONS_PER_SECOND;
			await sleep(Math.max(0, due - performance.now()));
			measuring = performance.now() - started > SETTLE_MS;
			const from = (n % TRANSACTIONS_PER_SECOND) * perTransaction;
			const round = Math.floor(n / TRANSACTIONS_PER_SECOND);
			const records = [];
			for (let i = from; i < Math.min(keys, from + perTransaction); i++)
				records.push(recordOf(keyOf(i), round, Date.now()));
			await producer.transact(new Map([["live", records]]));
		}
		await sleep(2_000);
		await reader.close();
	} finally {
		await producer.close();
		await process.kill();
	}
	return delays.sort((a, b) => a - b);
}
