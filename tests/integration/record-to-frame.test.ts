/** From Wiener record to websocket frame: the middleware on a real broker. */
import { parseWiener } from "@fireworks/contracts";
import { expect, test } from "vitest";
import { startService } from "../harness/service.ts";
import { newStream, readTopic, settledOffsets } from "../harness/stream.ts";
import { waitFor, waitForValue } from "../harness/wait-for.ts";
import { type ClientEvent, TestClient } from "../harness/websocket-client.ts";
import { withBroker } from "../harness/with-broker.ts";

const broker = withBroker();

const byDevice = (events: readonly ClientEvent[]): Map<string, ClientEvent[]> =>
	Map.groupBy(events, (e) => e.deviceId);

test("a client sees exactly the topic's records, also across a reconnection and on another pod", async () => {
	const { environment, settings } = newStream(broker.kafka.brokers, {
		FIREWORKS_METRONOME_INTERVAL_MS: "20",
	});
	const [metronome, , first, second] = await Promise.all([
		startService("metronome", environment),
		startService("processor", environment),
		startService("middleware", environment),
		startService("middleware", environment),
	]);
	await Promise.all([metronome.ready(), first.ready(), second.ready()]);

	const before = await TestClient.connect(first.port);
	await waitForValue(
		"200 events",
		() => before.events.length,
		(count) => count >= 200,
	);
	await before.close();
	const after = await TestClient.connect(
		second.port,
		`?after=${encodeURIComponent(before.position ?? "")}`,
	);
	await waitForValue(
		"200 more",
		() => after.events.length,
		(count) => count >= 200,
	);
	expect(await metronome.stop()).toBe(0);

	const end = (await broker.log.offsets(settings.topicMetronome))?.reduce(
		(n, r) => n + (r.high > r.low ? 1 : 0),
		0,
	);
	expect(end).toBeGreaterThan(0);
	const events = () => byDevice([...before.events, ...after.events]);
	const last = await waitFor("the last tick at the client", async () => {
		const seq = Number((await metronomeLast(settings.topicWiener)) ?? -1);
		return [...events().values()].every((path) => path.at(-1)?.seq === seq)
			? seq
			: undefined;
	});
	await after.close();

	const records = (
		await readTopic(
			broker.log,
			settings.topicWiener,
			(all) => all.length >= 5 * (last + 1),
		)
	).map((r) => parseWiener(r.value));
	expect(events().size).toBe(5);
	for (const [deviceId, path] of events()) {
		const from = path[0]?.seq ?? 0;
		const expected = records
			.filter((r) => r?.deviceId === deviceId && r.seq >= from)
			.map(
				(r) =>
					r && {
						deviceId,
						seq: r.seq,
						timestamp: r.timestamp,
						dt: r.dt,
						increment: r.increment,
						value: r.value,
					},
			);
		expect(path).toEqual(expected);
	}
	expect(after.frames.some((f) => f.type === "snapshot")).toBe(false);
	expect(await first.stop()).toBe(0);
	expect(await second.stop()).toBe(0);
});

/** The highest seq that every device has reached in the topic. */
async function metronomeLast(topic: string): Promise<number | undefined> {
	const newest = new Map<string, number>();
	const ranges = (await settledOffsets(broker.log, topic)) ?? [];
	await readTopic(broker.log, topic, (all) => {
		for (const r of all.map((one) => parseWiener(one.value)))
			if (r) newest.set(r.deviceId, r.seq);
		return ranges
			.filter((r) => r.high > r.low)
			.every((r) =>
				all.some(
					(one) => one.partition === r.partition && one.offset >= r.high - 2,
				),
			);
	});
	return newest.size === 5 ? Math.min(...newest.values()) : undefined;
}
