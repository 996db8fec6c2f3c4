/**
 * The Python processor on a real broker: exactly once through kill -9, pauses and rebalances, and on one stream with the TypeScript one. After each
 * run the same must hold as after any fault of the TypeScript engine (tests/faults/after-fault.ts): audit clean, no lag, all stopped in order.
 */
import { EXIT } from "@fireworks/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type FaultBroker, startFaultBroker } from "../faults/fault-broker.ts";
import { type FaultRun, faultRun } from "../faults/fault-run.ts";
import { API } from "../faults/kafka-frames.ts";
import type { Service } from "../harness/service.ts";
import { inTime, waitFor } from "../harness/wait-for.ts";

const PYTHON = { FIREWORKS_ENGINE: "python" };
const TYPESCRIPT = { FIREWORKS_ENGINE: "typescript" };

let broker: FaultBroker;
beforeAll(async () => {
	broker = await startFaultBroker();
});
afterAll(() => broker.stop());

const running = (service: Service) => service.metric("fireworks_stage_running");

/** Waits until the processors work on all partitions, each on at least one. */
const shared = (processors: readonly Service[]) =>
	waitFor(
		`${processors.length} processors to share the partitions`,
		async () => {
			const counts = await Promise.all(processors.map(running));
			return counts.every((n) => n > 0) && counts.reduce((a, b) => a + b) === 4;
		},
		60_000,
	);

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
	/** Stops a service inside of a transaction: its EndTxn is on its way and has not arrived. */
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
					await waitFor(
						"the take-over",
						async () => (await running(second)) === 4,
					);
					// What the sleeper had sent arrives now, after its successor has begun.
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
								) || sleeper.inTrouble(before),
					);
					await run.flowing(2);
					// The two engines share no protocol of the group: the sleeper waits until the other one has gone.
					expect(await sleeper.stop()).toBe(0);
					sleeper = second;
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

describe("settings", () => {
	test("every wrong and unknown one is said, with exit code 78", async () => {
		const { startService } = await import("../harness/service.ts");
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
