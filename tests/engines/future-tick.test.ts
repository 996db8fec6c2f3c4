/**
 * A tick of the year 2036. The engine accepts it, as the contract has no clock of its own, and then
 * refuses all the device's later ticks. The refusals are visible on /refused, in the metrics and in
 * the log. `fireworks reset` clears them while the engine runs. Other devices are never affected.
 */

import { auditTopics } from "@fireworks/audit";
import { partitionOf } from "@fireworks/contracts";
import { expect, test } from "vitest";
import { startService } from "../harness/service.ts";
import { newStream, readTopic } from "../harness/stream.ts";
import { command } from "../harness/system.ts";
import { waitFor } from "../harness/wait-for.ts";
import { withBroker } from "../harness/with-broker.ts";

const broker = withBroker();
const DEVICE = "device-0001";
const FAR = Date.UTC(2036, 1, 12);

test.for(["typescript", "python", "spark"])(
	"%s: a device that is refused on every tick is reset",
	async (engine) => {
		const stream = newStream(broker.kafka.brokers, {
			FIREWORKS_METRONOME_INTERVAL_MS: "200",
			FIREWORKS_METRONOME_DEVICES: "8",
			FIREWORKS_ENGINE: engine,
		});
		const { settings, environment } = stream;
		const metronome = await startService("metronome", environment);
		await metronome.ready();
		const processor = await startService("processor", environment);
		await processor.ready(180_000);
		const partition = partitionOf(Buffer.from(DEVICE), settings.partitions);
		const endOf = async (topic: string) =>
			(await broker.log.offsets(topic))?.[partition]?.high ?? 0;
		await waitFor(
			"records",
			async () => (await endOf(settings.topicWiener)) > 20,
			60_000,
		);
		const seq = (await metronome.metric("fireworks_metronome_last_seq")) + 4;
		await broker.log.append(settings.topicMetronome, {
			partition,
			key: DEVICE,
			value: JSON.stringify({
				deviceId: DEVICE,
				seq,
				timestamp: FAR,
				drift: 0,
				volatility: 1,
			}),
			timestamp: Date.now(),
		});
		await waitFor(
			"dead letters",
			async () => (await endOf(settings.topicDeadLetter)) > 10,
			60_000,
		);
		// Spark shows neither (docs/how-it-works/engines.md).
		if (engine !== "spark") {
			const refused = JSON.parse((await processor.get("/refused")).text);
			expect(refused).toMatchObject({
				total: 1,
				keys: [{ key: DEVICE, partition, code: "time-not-increasing" }],
			});
			expect(await processor.metric("fireworks_stage_refused_keys")).toBe(1);
			const lines = processor.log.filter(({ msg }) =>
				msg.startsWith("records were refused"),
			);
			expect(lines).toHaveLength(1);
			expect(JSON.stringify(lines)).toContain(DEVICE);
		}
		const before = await auditTopics({ log: broker.log, settings });
		expect(before.findings).toEqual([]);
		expect(before.refusedDevices).toMatchObject([{ deviceId: DEVICE }]);

		const none = await command(environment, "reset", "processor", "--key", "x");
		expect(none).toMatchObject({ code: 1 });
		expect(none.stdout).toContain("x has no state");
		const done = await command(
			environment,
			"reset",
			"processor",
			"--key",
			DEVICE,
		);
		expect(done, done.stderr).toMatchObject({ code: 0 });
		expect(done.stdout).toContain(`${DEVICE} is reset`);

		const records = await readTopic(
			broker.log,
			settings.topicWiener,
			(some) => {
				const own = some.filter(({ key }) => String(key) === DEVICE);
				const at = own.findIndex(
					({ value }) => JSON.parse(String(value)).seq === seq,
				);
				return at >= 0 && own.length > at + 5;
			},
			120_000,
		);
		const own = records
			.filter(({ key }) => String(key) === DEVICE)
			.map(({ value }) => JSON.parse(String(value)));
		const at = own.findIndex((record) => record.seq === seq);
		expect(own[at + 1]).toMatchObject({ dt: 0, increment: 0, value: 0 });
		expect(own[at + 2]).toMatchObject({ dt: 1, seq: own[at + 1].seq + 1 });
		// It recovered by itself, and no other device started again or missed a tick.
		expect(processor.ended).toBe(false);
		const others = Map.groupBy(
			records.filter(({ key }) => String(key) !== DEVICE),
			({ key }) => String(key),
		);
		expect(others.size).toBe(7);
		for (const [, of] of others)
			expect(of.map(({ value }) => JSON.parse(String(value)).seq)).toEqual(
				of.map((_, i) => i),
			);
		await metronome.stop();
		const after = await auditTopics({ log: broker.log, settings });
		expect(after.findings).toEqual([]);
		expect(after.refusedDevices).toEqual([]);
		expect(after.counts.resets).toBe(1);
		if (engine !== "spark")
			expect(JSON.parse((await processor.get("/refused")).text)).toEqual({
				total: 0,
				keys: [],
			});
	},
);
