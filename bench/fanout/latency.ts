/**
 * Time from the commit in Kafka to the client, on a real broker and the shipped middleware.
 *
 * A transaction writes one Wiener record to each of four partitions, at random moments. The commit
 * itself cannot be observed from outside, so the result has two start times. One is when the
 * producer learned of the commit (the markers that make the records readable follow). The other is
 * when the transaction began.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { encodeWiener, processorTopics } from "@fireworks/contracts";
import { startService } from "../../tests/harness/service.ts";
import { nowMs } from "./now.ts";
import type { Peer } from "./peer.ts";
import type { RealSystem } from "./real-system.ts";

const EVERY_MS = 150;
const PARTITIONS = 4;

interface Quantiles {
	count: number;
	p50: number;
	p99: number;
	max: number;
}

export async function latency(
	{ stream, log }: RealSystem,
	clients: Peer,
	counts: readonly number[],
	seconds: number,
): Promise<void> {
	const topic = `${stream.settings.topicWiener}-latency`;
	await log.ensureTopics([
		{ ...processorTopics(stream.settings).output, name: topic },
	]);
	const service = await startService("middleware", {
		...stream.environment,
		FIREWORKS_MIDDLEWARE_TOPIC: topic,
	});
	await service.ready();
	const producer = log.transactionalProducer("latency", 10_000);
	let seq = 0;
	const write = async (): Promise<[number, number, number]> => {
		const record = {
			seq: ++seq,
			timestamp: Date.now(),
			...{ dt: 1, increment: 0.123456789012, value: 1.234567890123 },
			...{ drift: 0, volatility: 1 },
		};
		const records = Array.from({ length: PARTITIONS }, (_, partition) => ({
			partition,
			key: `d${partition}`,
			value: encodeWiener(`"d${partition}"`, record),
			timestamp: record.timestamp,
		}));
		const begun = nowMs();
		await producer.transact(new Map([[topic, records]]));
		return [record.seq, begun, nowMs()];
	};
	console.log(
		`\n### From commit to receipt: a transaction about every ${EVERY_MS} ms, for ${seconds} s\n\n| clients | receipts | since the commit was acknowledged, ms: p50 | p99 | longest | since the transaction began: p50 | p99 |\n|---|---|---|---|---|---|---|`,
	);
	try {
		for (let i = 0; i < 10; i++) await write();
		for (const count of counts) {
			const group = `latency-${count}`;
			const { port } = service;
			await clients.ask("connect", {
				group,
				port,
				count,
				atATime: 100,
				timed: true,
			});
			for (let i = 0; i < 20; i++) await write();
			await clients.ask("forgetReceipts");
			const written: [number, number, number][] = [];
			for (const end = nowMs() + seconds * 1_000; nowMs() < end; ) {
				await sleep(EVERY_MS * (0.5 + Math.random()));
				written.push(await write());
			}
			await sleep(1_000);
			const since = await clients.ask<Quantiles>("latencies", {
				from: written.map(([n, , committed]) => [n, committed]),
			});
			const began = await clients.ask<Quantiles>("latencies", {
				from: written.map(([n, begun]) => [n, begun]),
			});
			console.log(
				`| ${count} | ${since.count} | ${since.p50.toFixed(1)} | ${since.p99.toFixed(1)} | ${since.max.toFixed(1)} | ${began.p50.toFixed(1)} | ${began.p99.toFixed(1)} |`,
			);
			await clients.ask("cut", { group });
		}
	} finally {
		await producer.close();
		await service.stop();
	}
}
