/** The example stage after the Wiener processor, on a real broker, through a kill -9: a stage of one's own is as exact as ours. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { parseWiener } from "@fireworks/contracts";
import { freePort } from "@fireworks/local-kafka";
import { expect, test } from "vitest";
import { startService } from "../harness/service.ts";
import { readTopic } from "../harness/stream.ts";
import { waitFor } from "../harness/wait-for.ts";
import { withBroker } from "../harness/with-broker.ts";

const EXAMPLE = fileURLToPath(
	new URL("../../examples/window-statistic/dist/main.js", import.meta.url),
);

const broker = withBroker();

test("every window once, with the mean of its records", async () => {
	// A hundred seconds of event time a second.
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
	const start = async () => {
		const child = spawn(process.execPath, [EXAMPLE], {
			env: { ...environment, FIREWORKS_STAGE_PORT: String(await freePort()) },
			stdio: "ignore",
		});
		return { child, ended: once(child, "exit") };
	};
	const windows = async () =>
		((await broker.log.offsets("wiener-windows")) ?? []).reduce(
			(sum, range) => sum + range.high,
			0,
		);

	const first = await start();
	await waitFor("the first windows", async () => (await windows()) > 20);
	first.child.kill("SIGKILL");
	await first.ended;
	const before = await windows();
	const second = await start();
	await waitFor(
		"more windows after the kill",
		async () => (await windows()) > before + 20,
		60_000,
	);
	second.child.kill("SIGTERM");
	await second.ended;
	await metronome.stop();
	await processor.stop();

	const end = await windows();
	expect(end).toBeGreaterThan(40);
	const told = (
		await readTopic(broker.log, "wiener-windows", (all) => all.length >= 40)
	).map((r) => ({ device: String(r.key), ...JSON.parse(String(r.value)) }));
	const records = (
		await readTopic(
			broker.log,
			"wiener",
			(all) => all.length >= told.length * 10,
		)
	).flatMap((r) => parseWiener(r.value) ?? []);
	for (const device of new Set(told.map((w) => w.device))) {
		const mine = told.filter((w) => w.device === device);
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
