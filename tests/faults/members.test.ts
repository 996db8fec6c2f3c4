/**
 * Several processes with the same work: at the same time, one after the other, and one that wakes
 * up after it has lost its work.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Service } from "../harness/service.ts";
import { inTime, waitFor } from "../harness/wait-for.ts";
import { type FaultBroker, startFaultBroker } from "./fault-broker.ts";
import { type FaultRun, faultRun } from "./fault-run.ts";
import { API } from "./kafka-frames.ts";
import { shared } from "./shared-partitions.ts";

let broker: FaultBroker;
beforeAll(async () => {
	broker = await startFaultBroker();
});
afterAll(() => broker.stop());

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

describe("processors", () => {
	test("one is stopped past its session time-out, another takes over, the first wakes up", (context) =>
		faultRun(
			context,
			broker,
			{ fault: "SIGSTOP processor, take-over, SIGCONT" },
			async (run) => {
				const { processor: first } = await run.startBoth();
				let sleeper = first;
				for (let i = 0; i < 2; i++) {
					const since = performance.now();
					const held = await stopInTransaction(run, sleeper);
					const second = await run.start("processor");
					await run.recovery(since);
					await second.reaches("fireworks_stage_running", 4);
					// The sleeper's delayed request arrives now, after its successor has started.
					held.release();
					await run.flowing(2);
					const before = sleeper.log.length;
					sleeper.signal("SIGCONT");
					await waitFor("the sleeper to notice", () =>
						sleeper.isFailing(before),
					);
					await shared([sleeper, second]);
					await run.flowing(2);
					expect(await sleeper.stop()).toBe(0);
					sleeper = second;
				}
			},
		));

	test("two start at the same time, one is killed, and comes back", (context) =>
		faultRun(
			context,
			broker,
			{ fault: "two processors, one killed" },
			async (run) => {
				await run.start("metronome");
				let [one, other] = [
					await run.start("processor"),
					await run.start("processor"),
				];
				await shared([one, other]);
				for (let i = 0; i < 2; i++) {
					await run.flowing(2);
					const since = performance.now();
					await one.kill();
					await run.recovery(since);
					const again = await run.start("processor");
					await shared([again, other]);
					[one, other] = [other, again];
				}
			},
		));

	test("two of different groups fight for the same transactional identities, until one goes", (context) =>
		faultRun(
			context,
			broker,
			{ fault: "two groups on the same topics" },
			async (run) => {
				const { processor } = await run.startBoth();
				const rival = await run.start("processor", {
					FIREWORKS_PROCESSOR_GROUP: `${run.name}-rival`,
				});
				for (const service of [processor, rival])
					await waitFor("each to be fenced", () =>
						service.log.some((line) => line.code === "fenced"),
					);
				const since = performance.now();
				expect(await rival.stop()).toBe(0);
				await run.recovery(since);
			},
		));

	test("scale 1 -> 3 -> 1 while data flows", (context) =>
		faultRun(context, broker, { fault: "scale 1 -> 3 -> 1" }, async (run) => {
			const { processor } = await run.startBoth();
			let since = performance.now();
			const more = [await run.start("processor"), await run.start("processor")];
			await shared([processor, ...more]);
			await run.handedOver(since);
			await run.flowing(3);
			for (const service of more) {
				since = performance.now();
				expect(await service.stop()).toBe(0);
				await run.handedOver(since);
			}
			await shared([processor]);
		}));
});

describe("metronomes", () => {
	test("a later one fences the earlier one, which exits with 75", (context) =>
		faultRun(context, broker, { fault: "two metronomes" }, async (run) => {
			let { metronome } = await run.startBoth();
			for (let i = 0; i < 3; i++) {
				const since = performance.now();
				const later = await run.start("metronome");
				expect((await inTime("the exit", metronome.exit)).code).toBe(75);
				await run.recovery(since);
				metronome = later;
			}
		}));

	test("one is stopped in a transaction, another takes over, the first wakes up", (context) =>
		faultRun(
			context,
			broker,
			{ fault: "SIGSTOP metronome, take-over, SIGCONT" },
			async (run) => {
				const { metronome } = await run.startBoth();
				const since = performance.now();
				const held = await stopInTransaction(run, metronome);
				await run.start("metronome");
				await run.recovery(since);
				held.release();
				await run.flowing(2);
				metronome.signal("SIGCONT");
				expect((await inTime("the exit", metronome.exit)).code).toBe(75);
				await run.flowing(2);
			},
		));

	test("one is stopped beyond its transaction's time-out, and goes on: no other process has taken over", (context) =>
		faultRun(
			context,
			broker,
			{ fault: "SIGSTOP metronome alone, SIGCONT" },
			async (run) => {
				const { metronome } = await run.startBoth();
				const held = await stopInTransaction(run, metronome);
				// Once the broker has aborted the open transaction, the processor skips its ticks
				// and reaches the end.
				const { topicMetronome } = run.stream.settings;
				const open = await run.ends(topicMetronome);
				await waitFor("the broker to give the transaction up", async () => {
					const now = await run.ends(topicMetronome);
					return [...open].some(([p, end]) => (now.get(p) ?? 0) > end);
				});
				const since = performance.now();
				metronome.signal("SIGCONT");
				held.release();
				await run.recovery(since);
				expect(metronome.ended).toBe(false);
			},
		));
});
