/**
 * The example stage after the Wiener processor, on a real broker, through a kill -9. It shows that
 * a user's own stage is as exact as ours.
 */
import { parseWiener } from "@fireworks/contracts";
import { expect, test } from "vitest";
import { startExample, WINDOWS_TOPIC } from "../harness/example-stage.ts";
import { startService } from "../harness/service.ts";
import { readTopic } from "../harness/stream.ts";
import { waitForValue } from "../harness/wait-for.ts";
import { withBroker } from "../harness/with-broker.ts";

const broker = withBroker();

test("every window once, with the mean of its records", async () => {
	// A hundred seconds of event time per second.
	const environment = {
		FIREWORKS_BROKERS: broker.kafka.brokers.join(","),
		FIREWORKS_METRONOME_INTERVAL_MS: "10",
		FIREWORKS_PROCESSOR_SESSION_TIMEOUT_MS: "3000",
	};
	const [metronome, processor] = await Promise.all([
		startService("metronome", environment),
		startService("processor", environment),
	]);
	await Promise.all([metronome.ready(), processor.ready()]);
	const windowCount = async () =>
		((await broker.log.offsets(WINDOWS_TOPIC)) ?? []).reduce(
			(sum, range) => sum + range.high,
			0,
		);

	const first = await startExample(environment);
	await waitForValue("the first windows", windowCount, (count) => count > 20);
	await first.end("SIGKILL");
	const before = await windowCount();
	const second = await startExample(environment);
	await waitForValue(
		"more windows after the kill",
		windowCount,
		(count) => count > before + 20,
	);
	await second.end("SIGTERM");
	await metronome.stop();
	await processor.stop();

	const end = await windowCount();
	expect(end).toBeGreaterThan(40);
	const windows = (
		await readTopic(broker.log, WINDOWS_TOPIC, (all) => all.length >= 40)
	).map((r) => ({ device: String(r.key), ...JSON.parse(String(r.value)) }));
	const records = (
		await readTopic(
			broker.log,
			"wiener",
			(all) => all.length >= windows.length * 10,
		)
	).flatMap((r) => parseWiener(r.value) ?? []);
	for (const device of new Set(windows.map((w) => w.device))) {
		const mine = windows.filter((w) => w.device === device);
		expect(mine.map((w) => w.start)).toEqual(
			mine.map((_, i) => mine[0].start + i * 10_000),
		);
		for (const { start: from, count, mean } of mine) {
			const values = records
				.filter(
					(r) =>
						r.deviceId === device &&
						r.timestamp >= from &&
						r.timestamp < from + 10_000,
				)
				.map((r) => r.value);
			expect(values.length).toBe(count);
			expect(values.reduce((sum, v) => sum + v, 0) / count).toBe(mean);
		}
	}
});
