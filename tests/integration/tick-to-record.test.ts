/** From tick to Wiener record on a real broker, with the services as they are shipped. */
import { parseTick, parseWiener } from "@fireworks/contracts";
import { advance, deviceWords, noise, parseSeed } from "@fireworks/wiener";
import { describe, expect, test } from "vitest";
import { startService } from "../harness/service.ts";
import { newStream, readTopic, settledOffsets } from "../harness/stream.ts";
import { withBroker } from "../harness/with-broker.ts";

const broker = withBroker();

describe("metronome and processor", () => {
	test("every tick gives one record, bit for bit what the contract says", async () => {
		const { environment, settings } = newStream(broker.kafka.brokers, {
			FIREWORKS_SEED: "42",
			FIREWORKS_METRONOME_INTERVAL_MS: "50",
		});
		const [metronome, processor] = await Promise.all([
			startService("metronome", environment),
			startService("processor", environment),
		]);
		await Promise.all([metronome.ready(), processor.ready()]);
		await metronome.reaches("fireworks_metronome_ticks_total", 60);
		expect(await metronome.stop()).toBe(0);
		const written = await metronomeEnd(settings.topicMetronome);
		const records = (
			await readTopic(
				broker.log,
				settings.topicWiener,
				(all) => all.length >= written.length,
			)
		).map((r) => parseWiener(r.value));
		expect(await processor.stop()).toBe(0);

		const seed = parseSeed("42");
		for (const deviceId of new Set(written.map((t) => t.deviceId))) {
			const ticks = written.filter((t) => t.deviceId === deviceId);
			expect(ticks.map((t) => t.seq)).toEqual(ticks.map((_, i) => i));
			const path = records.filter((r) => r?.deviceId === deviceId);
			let previous: { timestamp: number; value: number } | undefined;
			const expected = ticks.map((tick) => {
				const step = advance(
					previous,
					tick,
					noise(seed, deviceWords(deviceId), tick.seq),
				);
				if (step === undefined) throw new Error("not finite");
				previous = { timestamp: tick.timestamp, value: step.value };
				return { ...tick, ...step };
			});
			expect(path).toEqual(expected);
		}
		expect([...metronome.otherLines, ...processor.otherLines]).toEqual([]);
	});

	test("a second metronome fences the first, which exits with 75", async () => {
		const { environment, settings } = newStream(broker.kafka.brokers, {
			FIREWORKS_METRONOME_INTERVAL_MS: "20",
		});
		const first = await (await startService("metronome", environment)).ready();
		await first.reaches("fireworks_metronome_ticks_total", 6);
		const second = await (await startService("metronome", environment)).ready();
		expect((await first.exit).code).toBe(75);
		await second.reaches("fireworks_metronome_ticks_total", 6);
		expect(await second.stop()).toBe(0);
		const ticks = await metronomeEnd(settings.topicMetronome);
		const one = ticks
			.filter((t) => t.deviceId === "device-0001")
			.map((t) => t.seq);
		expect(one).toEqual(one.map((_, i) => i));
	});

	test("wrong settings end a service at once, with every problem listed", async () => {
		const { environment } = newStream(broker.kafka.brokers, {
			FIREWORKS_PROCESSOR_SESSION_TIMEOUT_MS: "3000",
		});
		const service = await startService("processor", {
			...environment,
			FIREWORKS_SEED: "-1",
			FIREWORKS_PARTITIONS: "many",
			FIREWORKS_SEEED: "1",
		});
		expect((await service.exit).code).toBe(78);
		expect(
			service.log
				.filter((l) => l.msg === "wrong setting")
				.map((l) => [l.setting, l.value]),
		).toEqual([
			["FIREWORKS_PARTITIONS", "many"],
			["FIREWORKS_SEED", "-1"],
			// An unknown variable may be a misspelt secret.
			["FIREWORKS_SEEED", "(not shown)"],
		]);
	});
});

async function metronomeEnd(topic: string) {
	const ranges = await settledOffsets(broker.log, topic);
	const last = new Map(
		ranges?.filter((r) => r.high > r.low).map((r) => [r.partition, r.high]),
	);
	// The last offset of a partition is the end of its transaction, one above its last record.
	const records = await readTopic(broker.log, topic, (all) =>
		[...last].every(([p, high]) =>
			all.some((r) => r.partition === p && r.offset >= high - 2),
		),
	);
	return records.map((r) => parseTick(r.key, r.value));
}
