/**
 * Invalid records among the ticks, written by another client, plain and compressed. Each becomes
 * one dead letter, and the valid records around it are processed.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { waitFor } from "../harness/wait-for.ts";
import { deadLetterCodes } from "./dead-letter-codes.ts";
import { type FaultBroker, startFaultBroker } from "./fault-broker.ts";
import { type FaultRun, faultRun } from "./fault-run.ts";
import {
	type Compression,
	type ForeignRecord,
	sendByOtherClient,
} from "./other-client.ts";
import { countsOf, isRefused, RUBBISH } from "./rubbish.ts";
import { setMaxBytes } from "./set-max-bytes.ts";

let broker: FaultBroker;
beforeAll(async () => {
	broker = await startFaultBroker();
});
afterAll(() => broker.stop());

const send = (
	run: FaultRun,
	compression: Compression,
	records: readonly ForeignRecord[],
) =>
	sendByOtherClient({
		brokers: run.broker.brokers,
		topic: run.stream.settings.topicMetronome,
		compression,
		records,
	});

describe("rubbish among the ticks", () => {
	test.for(["none", "gzip", "lz4", "snappy", "zstd"] as const)(
		"%s",
		(compression, context) =>
			faultRun(
				context,
				broker,
				{
					fault: `poison, compression ${compression}`,
					environment: { FIREWORKS_SEED: "0" },
				},
				async (run) => {
					await run.startBoth();
					await send(run, compression, RUBBISH);
					const since = performance.now();
					await run.recovery(since);
					const refused = RUBBISH.filter(isRefused);
					expect(await deadLetterCodes(run, refused.length)).toEqual(
						countsOf(refused.map((r) => r.outcome)),
					);
				},
			),
	);
});

describe("too large", () => {
	test("a dead letter for its topic: the processor stops and says so, and goes on once the topic is repaired", (context) =>
		faultRun(
			context,
			broker,
			{
				fault: "dead letter too large for its topic",
				topicConfig: { deadLetter: { "max.message.bytes": "100000" } },
			},
			async (run) => {
				const { processor } = await run.startBoth();
				const large = RUBBISH.filter((r) => (r.value?.length ?? 0) > 100_000);
				await send(run, "none", large);
				expect((await processor.exit).code).toBe(78);
				expect(processor.tail()).toContain("larger");
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

	test("a tick's batch for its topic: the metronome stops and says so, and goes on once the topic is repaired", (context) =>
		faultRun(
			context,
			broker,
			{
				fault: "ticks too large for their topic",
				topicConfig: { metronome: { "max.message.bytes": "300" } },
			},
			async (run) => {
				const metronome = await run.start("metronome");
				await run.start("processor");
				await waitFor("the metronome to stop", () => metronome.ended);
				expect((await metronome.exit).code).toBe(78);
				await setMaxBytes(
					broker.brokers,
					run.stream.settings.topicMetronome,
					"1048588",
				);
				const since = performance.now();
				await run.start("metronome");
				await run.recovery(since);
			},
		));
});
