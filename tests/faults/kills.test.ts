/**
 * kill -9, again and again, of one service at a time and of both at once. The services are
 * restarted at once, as their supervisor would do. The recovery time is printed, not asserted: on a
 * busy machine it depends on the machine. `pnpm bench:kills` measures it.
 */
import { afterAll, beforeAll, describe, test } from "vitest";
import { type FaultBroker, startFaultBroker } from "./fault-broker.ts";
import { faultRun } from "./fault-run.ts";

const KILLS = 5;

/**
 * The session time-out of the local system. A killed member holds its partitions for this long. The
 * 6 s that every broker allows are too long for the promised recovery time.
 */
const environment = { FIREWORKS_PROCESSOR_SESSION_TIMEOUT_MS: "3000" };

let broker: FaultBroker;
beforeAll(async () => {
	broker = await startFaultBroker();
});
afterAll(() => broker.stop());

describe("kill -9", () => {
	test("of the processor", (context) =>
		faultRun(
			context,
			broker,
			{ fault: "kill -9 processor", environment },
			async (run) => {
				let { processor } = await run.startBoth();
				for (let i = 0; i < KILLS; i++) {
					await run.flowing(1 + (i % 3));
					const since = performance.now();
					await processor.kill();
					processor = await run.start("processor");
					await run.recovery(since);
				}
			},
		));

	test("of the metronome", (context) =>
		faultRun(
			context,
			broker,
			{ fault: "kill -9 metronome", environment },
			async (run) => {
				let { metronome } = await run.startBoth();
				for (let i = 0; i < KILLS; i++) {
					await run.flowing(1 + (i % 3));
					const since = performance.now();
					await metronome.kill();
					metronome = await run.start("metronome");
					await run.recovery(since, run.stream.settings.topicMetronome);
				}
			},
		));

	test("of both at once", (context) =>
		faultRun(
			context,
			broker,
			{ fault: "kill -9 both", environment },
			async (run) => {
				let both = await run.startBoth();
				for (let i = 0; i < KILLS - 2; i++) {
					await run.flowing(1 + (i % 3));
					const since = performance.now();
					await Promise.all([both.metronome.kill(), both.processor.kill()]);
					const [metronome, processor] = await Promise.all([
						run.start("metronome"),
						run.start("processor"),
					]);
					both = { metronome, processor };
					await run.recovery(since);
				}
			},
		));
});
