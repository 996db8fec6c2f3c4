/**
 * The Python processor on a real broker: exactly once through kill -9, pauses and rebalances, and
 * on one stream together with the TypeScript one. After each run the same conditions must hold as
 * after any fault of the TypeScript engine (tests/faults/after-fault.ts): audit clean, no lag, all
 * stopped normally.
 */
import { EXIT } from "@fireworks/contracts";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { deadLetterCodes } from "../faults/dead-letter-codes.ts";
import { type FaultBroker, startFaultBroker } from "../faults/fault-broker.ts";
import { type FaultRun, faultRun } from "../faults/fault-run.ts";
import { API } from "../faults/kafka-frames.ts";
import { sendByOtherClient } from "../faults/other-client.ts";
import { countsOf, isRefused, RUBBISH } from "../faults/rubbish.ts";
import { setMaxBytes } from "../faults/set-max-bytes.ts";
import { shared } from "../faults/shared-partitions.ts";
import {
	type Service,
	startService,
	stopAllServices,
} from "../harness/service.ts";
import { newStream } from "../harness/stream.ts";
import { inTime, waitFor } from "../harness/wait-for.ts";

const PYTHON = { FIREWORKS_ENGINE: "python" };
const TYPESCRIPT = { FIREWORKS_ENGINE: "typescript" };

let broker: FaultBroker;
beforeAll(async () => {
	broker = await startFaultBroker();
});
afterEach(stopAllServices);
afterAll(() => broker.stop());

describe("exactly once", () => {
	test("kill -9, again and again", (context) =>
		faultRun(
			context,
			broker,
			{ fault: "kill -9 processor (python)", environment: PYTHON },
			async (run) => {
				let { processor } = await run.startBoth();
				for (let i = 0; i < 5; i++) {
					await run.flowing(1 + (i % 3));
					const since = performance.now();
					await processor.kill();
					processor = await run.start("processor");
					await run.recovery(since);
				}
			},
		));

	test("the two engines take over from each other, in order and after kill -9", (context) =>
		faultRun(
			context,
			broker,
			{ fault: "TypeScript -> Python -> TypeScript", environment: TYPESCRIPT },
			async (run) => {
				let { processor } = await run.startBoth();
				const engines = [PYTHON, TYPESCRIPT, PYTHON, TYPESCRIPT];
				for (const [i, engine] of engines.entries()) {
					await run.flowing(2);
					const since = performance.now();
					if (i < 2) expect(await processor.stop()).toBe(0);
					else await processor.kill();
					processor = await run.start("processor", engine);
					await run.recovery(since);
				}
			},
		));
});

describe("several processes", () => {
	/** Stops a service inside a transaction: its EndTxn was sent and has not arrived. */
	async function stopInTransaction(run: FaultRun, service: Service) {
		const held = run.broker.proxy.add({
			clientId: `fireworks-${service.name}`,
			apiKey: API.endTxn,
			direction: "request",
			action: "hold",
			naming: run.name,
		});
		await inTime("the fault to strike", held.caught);
		service.signal("SIGSTOP");
		return held;
	}

	test("one is stopped past its session time-out, the other engine takes over, the first wakes up and is fenced", (context) =>
		faultRun(
			context,
			broker,
			{ fault: "SIGSTOP, the other engine, SIGCONT", environment: PYTHON },
			async (run) => {
				let { processor: sleeper } = await run.startBoth();
				for (const engine of [TYPESCRIPT, PYTHON]) {
					const since = performance.now();
					const held = await stopInTransaction(run, sleeper);
					const second = await run.start("processor", engine);
					await run.recovery(since);
					await second.reaches("fireworks_stage_running", 4);
					// The sleeper's delayed request arrives now, after its successor has started.
					held.release();
					await run.flowing(2);
					const before = sleeper.log.length;
					sleeper.signal("SIGCONT");
					await waitFor(
						"the sleeper to notice",
						() =>
							sleeper.log
								.slice(before)
								.some(
									(line) =>
										line.level === "warn" && /fenced|given/.test(line.msg),
								) || sleeper.isFailing(before),
					);
					await run.flowing(2);
					// The two engines do not share a group protocol, so the sleeper waits until the
					// other one has left.
					expect(await sleeper.stop()).toBe(0);
					sleeper = second;
				}
			},
		));

	test("one of the other engine stands by, ready as a rollout wants it, and goes on when the first has left", (context) =>
		faultRun(
			context,
			broker,
			{ fault: "standing by (python)", environment: PYTHON },
			async (run) => {
				let { processor: first } = await run.startBoth();
				for (const engine of [TYPESCRIPT, PYTHON]) {
					const second = await run.start("processor", engine);
					await waitFor("the other engine to stand by", () =>
						second.log.some(
							(line) =>
								line.code === "group-occupied" ||
								/another engine/.test(String(line.reason)),
						),
					);
					await second.ready();
					expect(await second.metric("fireworks_stage_running")).toBe(0);
					await run.flowing(2);
					const since = performance.now();
					expect(await first.stop()).toBe(0);
					await run.recovery(since);
					await shared([second]);
					first = second;
				}
			},
		));

	test("two share the partitions, one is killed, and comes back", (context) =>
		faultRun(
			context,
			broker,
			{ fault: "two processors, one killed (python)", environment: PYTHON },
			async (run) => {
				await run.start("metronome");
				const one = await run.start("processor");
				const other = await run.start("processor");
				await shared([one, other]);
				await run.flowing(2);
				const since = performance.now();
				await one.kill();
				await run.recovery(since);
				const again = await run.start("processor");
				await shared([again, other]);
				await run.flowing(2);
				expect(await other.stop()).toBe(0);
				await shared([again]);
			},
		));
});

describe("rubbish among the ticks", () => {
	test.for(["none", "zstd"] as const)("%s", (compression, context) =>
		faultRun(
			context,
			broker,
			{
				fault: `poison, compression ${compression} (python)`,
				environment: { ...PYTHON, FIREWORKS_SEED: "0" },
			},
			async (run) => {
				await run.startBoth();
				await sendByOtherClient({
					brokers: broker.brokers,
					topic: run.stream.settings.topicMetronome,
					compression,
					records: RUBBISH,
				});
				const since = performance.now();
				await run.recovery(since);
				const refused = RUBBISH.filter(isRefused);
				expect(await deadLetterCodes(run, refused.length)).toEqual(
					countsOf(refused.map((r) => r.outcome)),
				);
			},
		),
	);

	test("a dead letter too large for its topic: it stops and says so, and goes on once the topic is repaired", (context) =>
		faultRun(
			context,
			broker,
			{
				fault: "dead letter too large for its topic (python)",
				environment: PYTHON,
				topicConfig: { deadLetter: { "max.message.bytes": "100000" } },
			},
			async (run) => {
				const { processor } = await run.startBoth();
				const large = RUBBISH.filter((r) => (r.value?.length ?? 0) > 100_000);
				await sendByOtherClient({
					brokers: broker.brokers,
					topic: run.stream.settings.topicMetronome,
					compression: "none",
					records: large,
				});
				expect((await processor.exit).code).toBe(EXIT.config);
				expect(processor.tail()).toContain("too large");
				await setMaxBytes(
					broker.brokers,
					run.stream.settings.topicDeadLetter,
					"2097176",
				);
				const since = performance.now();
				await run.start("processor");
				await run.recovery(since);
				expect(await deadLetterCodes(run, large.length)).toEqual(
					countsOf(large.map((r) => r.outcome)),
				);
			},
		));
});

describe("it stops, and says why", () => {
	test("if the states were made with another seed", async () => {
		const { environment } = newStream(broker.brokers, {
			...PYTHON,
			FIREWORKS_METRONOME_INTERVAL_MS: "50",
		});
		await startService("metronome", environment);
		const first = await startService("processor", environment);
		await first.ready();
		expect(await first.stop()).toBe(0);
		const other = await startService("processor", {
			...environment,
			FIREWORKS_SEED: "1",
		});
		expect((await other.exit).code).toBe(EXIT.config);
		expect(other.log.at(-1)?.msg).toContain('"config":{"seed":"0"}');
	});

	test("if the output has records and the changelog has no position", async () => {
		const { environment } = newStream(broker.brokers, {
			...PYTHON,
			FIREWORKS_METRONOME_INTERVAL_MS: "50",
		});
		await startService("metronome", environment);
		const first = await startService("processor", environment);
		await first.reaches("fireworks_stage_output_records_total", 1);
		expect(await first.stop()).toBe(0);
		const other = await startService("processor", {
			...environment,
			FIREWORKS_TOPIC_PROCESSOR_CHANGELOG: `${environment.FIREWORKS_TOPIC_PROCESSOR_CHANGELOG}-2`,
		});
		expect((await other.exit).code).toBe(EXIT.config);
		expect(other.log.at(-1)?.msg).toContain("has no position");
	});

	test("with every wrong and unknown setting", async () => {
		const service = await startService("processor", {
			...PYTHON,
			FIREWORKS_SEED: "18446744073709551616",
			FIREWORKS_PARTITIONS: "0",
			FIREWORKS_BROKERS: "nowhere",
			FIREWORKS_LOG_LEVEL: "loud",
			FIREWORKS_SEDE: "1",
		});
		expect((await service.exit).code).toBe(EXIT.config);
		const wrong = service.log.filter((line) => line.msg === "wrong setting");
		expect(wrong.map((line) => line.setting).sort()).toEqual([
			"FIREWORKS_BROKERS",
			"FIREWORKS_LOG_LEVEL",
			"FIREWORKS_PARTITIONS",
			"FIREWORKS_SEDE",
			"FIREWORKS_SEED",
		]);
		expect(service.otherLines).toEqual([]);
	});
});
