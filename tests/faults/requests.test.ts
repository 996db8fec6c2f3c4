/**
 * Single requests and replies between a service and the broker are lost, cut in two, or late. After
 * most of these faults it is unknown whether the transaction was committed. The service must find
 * out, and must neither repeat nor omit anything.
 *
 * Several tests run at a time: they mostly wait for time-outs, and each has its own stream.
 */
import { afterAll, beforeAll, describe, test } from "vitest";
import { inTime, waitFor } from "../harness/wait-for.ts";
import { type FaultBroker, startFaultBroker } from "./fault-broker.ts";
import { type FaultRun, faultRun } from "./fault-run.ts";
import { API } from "./kafka-frames.ts";
import type { RuleOptions } from "./proxy-rule.ts";

const PROCESSOR = "fireworks-processor";
const METRONOME = "fireworks-metronome";
const environment = {
	FIREWORKS_METRONOME_DEVICES: "20",
	FIREWORKS_METRONOME_INTERVAL_MS: "100",
};

let broker: FaultBroker;
beforeAll(async () => {
	broker = await startFaultBroker();
});
afterAll(() => broker.stop());

type Fault = Omit<RuleOptions, "naming"> & { fault: string; strikes: number };

const fault = (
	fault: string,
	clientId: string,
	api: keyof typeof API,
	direction: RuleOptions["direction"],
	action: RuleOptions["action"],
	strikes = 1,
	times = 1,
): Fault => ({
	fault,
	clientId,
	apiKey: API[api],
	direction,
	action,
	strikes,
	times,
});

/**
 * A swallowed request costs the client's request time-out of 10 s. A cut one is noticed at once.
 */
const FAULTS: readonly Fault[] = [
	fault("processor: EndTxn reply cut", PROCESSOR, "endTxn", "reply", "cut", 4),
	fault(
		"processor: EndTxn request cut",
		PROCESSOR,
		"endTxn",
		"request",
		"cut",
		4,
	),
	fault(
		"processor: EndTxn reply lost",
		PROCESSOR,
		"endTxn",
		"reply",
		"swallow",
	),
	fault(
		"processor: EndTxn request lost",
		PROCESSOR,
		"endTxn",
		"request",
		"swallow",
	),
	fault(
		"processor: Produce reply cut",
		PROCESSOR,
		"produce",
		"reply",
		"cut",
		4,
	),
	fault(
		"processor: Produce request cut",
		PROCESSOR,
		"produce",
		"request",
		"cut",
		4,
	),
	fault(
		"processor: Produce reply lost",
		PROCESSOR,
		"produce",
		"reply",
		"swallow",
	),
	fault(
		"processor: AddPartitionsToTxn reply cut",
		PROCESSOR,
		"addPartitionsToTxn",
		"reply",
		"cut",
		4,
	),
	fault(
		"processor: AddPartitionsToTxn lost",
		PROCESSOR,
		"addPartitionsToTxn",
		"request",
		"swallow",
	),
	fault("processor: Fetch reply cut", PROCESSOR, "fetch", "reply", "cut", 4),
	fault("processor: Fetch reply lost", PROCESSOR, "fetch", "reply", "swallow"),
	fault(
		"processor: Heartbeat replies lost",
		PROCESSOR,
		"heartbeat",
		"reply",
		"swallow",
		1,
		3,
	),
	fault("metronome: EndTxn reply cut", METRONOME, "endTxn", "reply", "cut", 4),
	fault(
		"metronome: EndTxn request cut",
		METRONOME,
		"endTxn",
		"request",
		"cut",
		4,
	),
	fault(
		"metronome: EndTxn reply lost",
		METRONOME,
		"endTxn",
		"reply",
		"swallow",
	),
	fault(
		"metronome: Produce reply cut",
		METRONOME,
		"produce",
		"reply",
		"cut",
		4,
	),
	fault(
		"metronome: Produce reply lost",
		METRONOME,
		"produce",
		"reply",
		"swallow",
	),
];

describe.concurrent("a request or a reply", () => {
	test.for(FAULTS)("$fault", ({ fault, strikes, ...rule }, context) =>
		faultRun(context, broker, { fault, environment }, async (run) => {
			await run.startBoth();
			for (let i = 0; i < strikes; i++) {
				const struck = run.broker.proxy.add({ ...rule, naming: run.name });
				await inTime("the fault to strike", struck.caught);
				await run.recovery(performance.now(), topicOf(run, rule.clientId));
				struck.release();
			}
		}),
	);

	test.for([PROCESSOR, METRONOME])(
		"%s: EndTxn held beyond the transaction time-out, and delivered then",
		(clientId, context) => {
			const fault = `${nameOf(clientId)}: EndTxn held beyond the transaction time-out`;
			return faultRun(context, broker, { fault, environment }, async (run) => {
				await run.startBoth();
				const held = run.broker.proxy.add({
					clientId,
					apiKey: API.endTxn,
					direction: "request",
					action: "hold",
					naming: run.name,
				});
				await inTime("the fault to strike", held.caught);
				await run.recovery(performance.now(), topicOf(run, clientId));
				// The broker has aborted the transaction by now: a late request must not revive it.
				held.release();
				await run.flowing(3);
			});
		},
	);

	test.for([PROCESSOR, METRONOME])(
		"%s: InitProducerId replies cut at its start",
		(clientId, context) => {
			const fault = `${nameOf(clientId)}: InitProducerId replies cut at its start`;
			return faultRun(context, broker, { fault, environment }, async (run) => {
				const cut = run.broker.proxy.add({
					clientId,
					apiKey: API.initProducerId,
					direction: "reply",
					action: "cut",
					naming: run.name,
					times: 3,
				});
				await run.startBoth();
				run.count();
				if (cut.hits < 1) throw new Error("no reply was cut");
			});
		},
	);

	test.for([PROCESSOR, METRONOME])(
		"%s: all connections cut",
		(clientId, context) => {
			const fault = `${nameOf(clientId)}: all connections cut`;
			return faultRun(context, broker, { fault, environment }, async (run) => {
				await run.startBoth();
				for (let i = 0; i < 4; i++) {
					const cut = run.broker.proxy.cut({ clientId, naming: run.name });
					if (cut === 0) throw new Error("there was no connection");
					await run.recovery(performance.now(), topicOf(run, clientId));
				}
			});
		},
	);

	test.for([PROCESSOR, METRONOME])(
		"%s: cut off beyond all time-outs, then all of it comes late",
		(clientId, context) => {
			const fault = `${nameOf(clientId)}: cut off, then all comes late`;
			return faultRun(context, broker, { fault, environment }, async (run) => {
				const { [nameOf(clientId)]: service } = await run.startBoth();
				const speak = run.broker.proxy.silence({ clientId, naming: run.name });
				await waitFor(
					`${service.name} to have noticed`,
					() => service.isFailing(),
					180_000,
				);
				speak();
				await run.recovery(performance.now(), topicOf(run, clientId));
			});
		},
	);
});

const nameOf = (clientId: string) =>
	clientId === PROCESSOR ? ("processor" as const) : ("metronome" as const);

/** The topic in which a recovery becomes visible first. */
const topicOf = (run: FaultRun, clientId: string): string =>
	clientId === PROCESSOR
		? run.stream.settings.topicWiener
		: run.stream.settings.topicMetronome;
