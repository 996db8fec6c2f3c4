/** Faults while the state is restored from its changelog. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Service } from "../harness/service.ts";
import { readTopic } from "../harness/stream.ts";
import { inTime, waitForValue } from "../harness/wait-for.ts";
import { type FaultBroker, startFaultBroker } from "./fault-broker.ts";
import { type FaultRun, faultRun } from "./fault-run.ts";
import { API } from "./kafka-frames.ts";

let broker: FaultBroker;
beforeAll(async () => {
	broker = await startFaultBroker({ "log.cleaner.backoff.ms": "100" });
});
afterAll(() => broker.stop());

/**
 * Segments are rolled and compacted all the time. 1 MB is the smallest segment size that Kafka 4
 * accepts.
 */
const BUSY_COMPACTION = {
	"segment.bytes": "1048576",
	"segment.ms": "300",
	"min.cleanable.dirty.ratio": "0.01",
	"min.compaction.lag.ms": "0",
	"max.compaction.lag.ms": "500",
	"delete.retention.ms": "100",
};

/** The number of the changelog's records that compaction has removed. */
async function compacted(run: FaultRun): Promise<number> {
	const { topicProcessorChangelog: topic } = run.stream.settings;
	const ranges = (await run.log.offsets(topic)) ?? [];
	const ends = new Map(ranges.map((r) => [r.partition, r.high]));
	const records = await readTopic(run.log, topic, (all) =>
		[...ends].every(([p, end]) =>
			all.some((r) => r.partition === p && r.offset >= end - 20),
		),
	);
	const written = [...ends.values()].reduce((a, b) => a + b);
	return written - records.length;
}

/**
 * Kills the processor while it restores: the proxy holds the first records of the changelog on
 * their way to it. There may be no second reply.
 */
async function killInRestore(run: FaultRun): Promise<void> {
	const processor: Service = await run.start("processor");
	const held = run.broker.proxy.add({
		clientId: "fireworks-processor",
		apiKey: API.fetch,
		direction: "reply",
		action: "hold",
		naming: run.stream.settings.topicProcessorChangelog,
		times: Number.POSITIVE_INFINITY,
	});
	await inTime("the fault to strike", held.caught);
	await waitForValue(
		"the processor to say that it restores",
		() => processor.get("/readyz"),
		({ text }) => text.includes("is restoring"),
	);
	await processor.kill();
	held.release();
	run.count();
}

describe("restore", () => {
	test("while the changelog is compacted", (context) =>
		faultRun(
			context,
			broker,
			{
				fault: "kill -9 processor, changelog compacted",
				environment: {
					FIREWORKS_METRONOME_DEVICES: "100",
					FIREWORKS_METRONOME_INTERVAL_MS: "50",
				},
				topicConfig: { processorChangelog: BUSY_COMPACTION },
			},
			async (run) => {
				let { processor } = await run.startBoth();
				await waitForValue(
					"compaction",
					() => compacted(run),
					(records) => records > 500,
					180_000,
				);
				for (let i = 0; i < 4; i++) {
					await run.flowing(10);
					const since = performance.now();
					await processor.kill();
					processor = await run.start("processor");
					await run.recovery(since);
				}
				expect(await compacted(run)).toBeGreaterThan(1_000);
			},
		));

	test("is killed itself, with a large changelog", (context) =>
		faultRun(
			context,
			broker,
			{
				fault: "kill -9 in restore, 20,000 devices",
				environment: {
					FIREWORKS_METRONOME_DEVICES: "20000",
					FIREWORKS_METRONOME_INTERVAL_MS: "4000",
				},
			},
			async (run) => {
				let { processor } = await run.startBoth();
				await run.flowing(2);
				for (let i = 0; i < 3; i++) {
					await processor.kill();
					await killInRestore(run);
					const since = performance.now();
					processor = await run.start("processor");
					await run.recovery(since);
				}
			},
		));
});
