/**
 * The Spark engine on a real broker: exactly once through kill -9, on one stream together with the
 * TypeScript one, and through invalid records. After each run the same conditions must hold as
 * after any fault of the TypeScript engine (tests/faults/after-fault.ts). Spark takes tens of
 * seconds to start, so there are only a few tests.
 */
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EXIT, parseTick } from "@fireworks/contracts";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { type FaultBroker, startFaultBroker } from "../faults/fault-broker.ts";
import { type FaultRun, faultRun } from "../faults/fault-run.ts";
import { sendByOtherClient } from "../faults/other-client.ts";
import { countsOf, isRefused, RUBBISH } from "../faults/rubbish.ts";
import { startService, stopAllServices } from "../harness/service.ts";
import { newStream, readTopic } from "../harness/stream.ts";
import { waitFor } from "../harness/wait-for.ts";

const START_MAX_MS = 400_000;
const TYPESCRIPT = { FIREWORKS_ENGINE: "typescript" };
const checkpoints = mkdtempSync(join(tmpdir(), "fireworks-spark-"));
const SPARK = {
	FIREWORKS_ENGINE: "spark",
	FIREWORKS_SPARK_CHECKPOINT_DIR: checkpoints,
};

let broker: FaultBroker;
beforeAll(async () => {
	broker = await startFaultBroker();
});
afterEach(stopAllServices);
afterAll(async () => {
	await broker.stop();
	rmSync(checkpoints, { recursive: true, force: true });
});

/** Starts a Spark processor and waits until it works. */
async function spark(run: FaultRun) {
	const processor = await run.start("processor", SPARK);
	return processor.ready(START_MAX_MS);
}

/** Whether the processor started from the changelog, not from a checkpoint. */
const fresh = (service: Awaited<ReturnType<typeof spark>>) =>
	service.log.find((line) => line.msg === "the processor is running")?.fresh;

const replayed = (service: Awaited<ReturnType<typeof spark>>) =>
	service.metric("fireworks_spark_replayed_records_total");

/**
 * Puts the dead processor's checkpoint into the state after a crash at one exact moment: the
 * transactions of the last micro-batch are committed, but its end is not recorded yet. That moment
 * lasts a few milliseconds, so a kill cannot hit it reliably.
 */
function forgetLastBatch(run: FaultRun): void {
	const root = join(
		checkpoints,
		"checkpoints",
		run.stream.settings.topicWiener,
	);
	const [id, ...others] = readdirSync(root);
	if (id === undefined || others.length > 0) throw new Error("one checkpoint");
	const numbers = (folder: string) =>
		readdirSync(join(root, id, "query", folder))
			.filter((name) => /^\d+$/.test(name))
			.map(Number);
	const last = Math.max(...numbers("commits"));
	const forget = (folder: string, from: number) => {
		for (const n of numbers(folder).filter((number) => number >= from))
			rmSync(join(root, id, "query", folder, String(n)));
	};
	forget("commits", last);
	forget("offsets", last + 1);
}

describe("exactly once", () => {
	test("kill -9, also after a micro-batch is written and before Spark knows it: it goes on at its checkpoint", (context) =>
		faultRun(
			context,
			broker,
			{ fault: "Spark, kill -9", environment: TYPESCRIPT },
			async (run) => {
				await run.start("metronome");
				let processor = await spark(run);
				await run.flowing(3);
				for (const rollBack of [false, true]) {
					const since = performance.now();
					await processor.kill();
					if (rollBack) forgetLastBatch(run);
					processor = await spark(run);
					expect(fresh(processor)).toBe(false);
					await run.recovery(since);
					if (rollBack) expect(await replayed(processor)).toBeGreaterThan(0);
				}
			},
		));

	test.for(["typescript", "python"])(
		"%s takes over, and Spark again, from the changelog",
		(engine, context) =>
			faultRun(
				context,
				broker,
				{ fault: `Spark -> ${engine} -> Spark`, environment: TYPESCRIPT },
				async (run) => {
					await run.start("metronome");
					let processor = await spark(run);
					expect(fresh(processor)).toBe(true);
					await run.flowing();
					let since = performance.now();
					expect(await processor.stop()).toBe(0);
					const other = await run.start("processor", {
						FIREWORKS_ENGINE: engine,
					});
					await run.recovery(since);
					since = performance.now();
					await other.kill();
					processor = await spark(run);
					expect(fresh(processor)).toBe(true);
					await run.recovery(since);
				},
			),
	);
});

test("rubbish among the ticks: the dead letters of the TypeScript engine", (context) =>
	faultRun(
		context,
		broker,
		{ fault: "poison (spark)", environment: { FIREWORKS_SEED: "0" } },
		async (run) => {
			await run.start("metronome");
			await spark(run);
			await run.flowing();
			await sendByOtherClient({
				brokers: broker.brokers,
				topic: run.stream.settings.topicMetronome,
				compression: "zstd",
				records: RUBBISH,
			});
			await run.recovery(performance.now());
			const refused = RUBBISH.filter(isRefused);
			const letters = await readTopic(
				run.log,
				run.stream.settings.topicDeadLetter,
				(all) => all.length >= refused.length,
			);
			expect(
				countsOf(letters.map((r) => String(r.headers["error-code"]))),
			).toEqual(countsOf(refused.map((r) => r.outcome)));
		},
	));

test("a wrong setting ends it at once, with every problem listed", async () => {
	const service = await startService("processor", {
		...SPARK,
		FIREWORKS_SEED: "18446744073709551616",
		FIREWORKS_PARTITIONS: "0",
		FIREWORKS_SEDE: "1",
		FIREWORKS_KAFKA_SASL_USERNAME: "me",
	});
	expect((await service.exit).code).toBe(EXIT.config);
	const wrong = service.log.filter((line) => line.msg === "wrong setting");
	expect(wrong.map((line) => line.setting)).toEqual([
		"FIREWORKS_PARTITIONS",
		"FIREWORKS_SEED",
		"FIREWORKS_KAFKA_SASL_USERNAME",
		"FIREWORKS_SEDE",
	]);
	expect(service.otherLines).toEqual([]);
});

test("the metronome of PySpark takes the clock over from TypeScript's, and gives it back", async () => {
	const { environment, settings } = newStream(broker.brokers, {
		...SPARK,
		FIREWORKS_METRONOME_INTERVAL_MS: "500",
	});
	const typescript = await startService("metronome", environment);
	const ticked = async (service: typeof typescript) => {
		const has = await Promise.race([
			waitFor(
				"three ticks",
				async () =>
					(await service.metric("fireworks_metronome_ticks_total")) >= 3,
				START_MAX_MS,
			),
			service.exit,
		]);
		if (has !== true) throw new Error(`it has ended: ${service.tail()}`);
	};
	await ticked(typescript);
	const pyspark = await startService("metronome", {
		...environment,
		FIREWORKS_ENGINE: "spark-metronome",
	});
	await ticked(pyspark);
	expect((await typescript.exit).code).toBe(EXIT.fenced);
	const again = await startService("metronome", environment);
	await ticked(again);
	expect((await pyspark.exit).code).toBe(EXIT.fenced);
	expect(await again.stop()).toBe(0);
	const last = await again.exit.then(() =>
		broker.log.offsets(settings.topicMetronome),
	);
	const ends = new Map(
		last?.filter((r) => r.high > r.low).map((r) => [r.partition, r.high]),
	);
	const records = await readTopic(broker.log, settings.topicMetronome, (all) =>
		[...ends].every(([p, high]) =>
			all.some((r) => r.partition === p && r.offset >= high - 2),
		),
	);
	const ticks = records.map((r) => ({
		...parseTick(r.key, r.value),
		at: r.timestamp,
	}));
	const one = ticks.filter((t) => t.deviceId === "device-0001");
	const [first] = one;
	if (first === undefined) throw new Error("no ticks");
	expect(one.map(({ seq, timestamp, at }) => [seq, timestamp, at])).toEqual(
		one.map((_, i) => [
			i,
			first.timestamp + i * 1_000,
			first.timestamp + i * 1_000,
		]),
	);
});
