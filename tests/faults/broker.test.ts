/** The broker is killed, paused, or absent at the start, and all faults at once. */
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { waitFor } from "../harness/wait-for.ts";
import { type FaultBroker, startFaultBroker } from "./fault-broker.ts";
import { faultRun } from "./fault-run.ts";

/**
 * Longer than the transaction time-out (10 s), the session time-out (3 s) and the broker's own
 * session (3 s).
 */
const BEYOND_ALL_TIMEOUTS_MS = 12_000;

let broker: FaultBroker;
beforeAll(async () => {
	broker = await startFaultBroker();
});
// A failed test may have left it dead.
afterEach(() => broker.revive());
afterAll(() => broker.stop());

describe("the broker", () => {
	test("kill -9 and restart", (context) =>
		faultRun(context, broker, { fault: "kill -9 broker" }, async (run) => {
			await run.startBoth();
			for (let i = 0; i < 2; i++) {
				await run.flowing(2);
				await broker.kill();
				await broker.restart();
				await run.recovery(performance.now());
			}
		}));

	test("is unreachable when the services start", (context) =>
		faultRun(
			context,
			broker,
			{ fault: "broker down at the start" },
			async (run) => {
				await broker.kill();
				const services = await Promise.all([
					run.start("metronome"),
					run.start("processor"),
				]);
				// They wait, alive but not ready, and report why.
				for (const service of services) {
					await waitFor(`${service.name} to be in failure`, () =>
						service.isFailing(),
					);
					expect((await service.get("/livez")).status).toBe(200);
					expect((await service.get("/readyz")).status).toBe(503);
				}
				await broker.restart();
				const since = performance.now();
				for (const service of services) await service.ready();
				await run.recovery(since);
			},
		));

	test("freezes beyond all time-outs, and goes on", (context) =>
		faultRun(
			context,
			broker,
			{ fault: "SIGSTOP broker 12 s, SIGCONT" },
			async (run) => {
				await run.startBoth();
				process.kill(broker.kafka.pid, "SIGSTOP");
				try {
					// This sleep is the fault itself, not a wait for a condition.
					await sleep(BEYOND_ALL_TIMEOUTS_MS);
				} finally {
					process.kill(broker.kafka.pid, "SIGCONT");
				}
				await run.recovery(performance.now());
			},
		));

	test("and both services stand still beyond all time-outs", (context) =>
		faultRun(
			context,
			broker,
			{ fault: "full stop of everything, 12 s" },
			async (run) => {
				const { metronome, processor } = await run.startBoth();
				await Promise.all([metronome.kill(), processor.kill(), broker.kill()]);
				await sleep(BEYOND_ALL_TIMEOUTS_MS);
				await broker.restart();
				const since = performance.now();
				await Promise.all([run.start("metronome"), run.start("processor")]);
				await run.recovery(since);
			},
		));
});
