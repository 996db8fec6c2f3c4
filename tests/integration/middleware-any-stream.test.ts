/**
 * A topic that no part of Fireworks wrote, shown by settings alone. The middleware runs as a
 * process on a real broker.
 */
import { randomUUID } from "node:crypto";
import { EXIT } from "@fireworks/contracts";
import { expect, test } from "vitest";
import {
	startExample,
	WINDOW_MS,
	WINDOWS_TOPIC,
} from "../harness/example-stage.ts";
import { startService } from "../harness/service.ts";
import { newStream, readTopic } from "../harness/stream.ts";
import { waitForValue } from "../harness/wait-for.ts";
import { TestClient } from "../harness/websocket-client.ts";
import { withBroker } from "../harness/with-broker.ts";

const broker = withBroker();

const START = Date.parse("2026-01-01T00:00:00Z");
const MAPPING = {
	FIREWORKS_MIDDLEWARE_KEY_PATH: "sensor.name",
	FIREWORKS_MIDDLEWARE_TIME_PATH: "at",
	FIREWORKS_MIDDLEWARE_TIME_UNIT: "iso",
	FIREWORKS_MIDDLEWARE_SEQUENCE_PATH: "@offset",
	FIREWORKS_MIDDLEWARE_NUMBER_PATHS: "value=/readings/0/deg.c",
	FIREWORKS_MIDDLEWARE_NAMES: "key=Boiler,value=Temperature",
	FIREWORKS_MIDDLEWARE_UNITS: "value=°C",
};

/** A topic of two partitions that keeps its records forever, because its event times are old. */
async function foreignTopic(): Promise<string> {
	const name = `boilers-${randomUUID().slice(0, 8)}`;
	await broker.log.ensureTopics([
		{
			name,
			partitions: 2,
			replicationFactor: 1,
			cleanup: "delete",
			config: { "cleanup.policy": "delete", "retention.ms": "-1" },
		},
	]);
	return name;
}

/** A boiler's n-th reading, 30 s after the previous one. */
const append = (topic: string, boiler: number, n: number, value?: string) =>
	broker.log.append(topic, {
		partition: boiler,
		key: null,
		value:
			value ??
			JSON.stringify({
				sensor: { name: `boiler-${boiler}` },
				at: new Date(START + n * 30_000).toISOString(),
				readings: [{ "deg.c": 80 + n * 0.5 - boiler }],
			}),
		timestamp: START + n * 30_000,
	});

test("a foreign topic by a mapping: its events, its names and units, and what it does not tell", async () => {
	const topic = await foreignTopic();
	for (let n = 0; n < 5; n++) {
		await append(topic, 0, n);
		await append(topic, 1, n);
	}
	await append(topic, 0, 5, "no JSON");
	await append(topic, 0, 6, '{"sensor":{"name":"boiler-0"}}');
	const { environment } = newStream(broker.kafka.brokers, {
		...MAPPING,
		FIREWORKS_MIDDLEWARE_TOPIC: topic,
	});
	const middleware = await startService("middleware", environment);
	await middleware.ready();
	const client = await TestClient.connect(middleware.port);
	const count = () => client.events.length;
	await waitForValue("the past", count, (events) => events === 10);
	await append(topic, 1, 5);
	await waitForValue("the news", count, (events) => events === 11);

	const path = client.events.filter((e) => e.deviceId === "boiler-1");
	expect(path).toEqual(
		[0, 1, 2, 3, 4, 5].map((n) => ({
			deviceId: "boiler-1",
			seq: n,
			timestamp: START + n * 30_000,
			dt: n === 0 ? 0 : 30,
			increment: n === 0 ? 0 : 0.5,
			value: 79 + n * 0.5,
		})),
	);
	expect(client.frames.find((f) => f.type === "hello")).toMatchObject({
		names: { key: "Boiler", value: "Temperature" },
		units: { value: "°C" },
	});
	expect(client.frames.find((f) => f.type === "devices")).toMatchObject({
		devices: [
			{ drift: 0, volatility: 0 },
			{ drift: 0, volatility: 0 },
		],
	});
	expect(
		await middleware.metric("fireworks_middleware_events_dropped_total"),
	).toBe(2);

	// The same client continues on another pod.
	const second = await startService("middleware", environment);
	await second.ready();
	const { position } = client;
	await client.close();
	await append(topic, 1, 6);
	const again = await TestClient.connect(
		second.port,
		`?after=${encodeURIComponent(position ?? "")}`,
	);
	await waitForValue(
		"what came meanwhile",
		() => again.events,
		(events) => events.length === 1,
	);
	expect(again.events[0]).toMatchObject({ seq: 6, dt: 30, increment: 0.5 });
	expect(again.frames.some((f) => f.type === "snapshot")).toBe(false);
	await again.close();
});

test("the example stage's own topic: each window of each device is an event, by settings alone", async () => {
	// A hundred seconds of event time per second.
	const stream = {
		FIREWORKS_BROKERS: broker.kafka.brokers.join(","),
		FIREWORKS_METRONOME_INTERVAL_MS: "10",
		FIREWORKS_PROCESSOR_SESSION_TIMEOUT_MS: "3000",
	};
	await Promise.all([
		startService("metronome", stream),
		startService("processor", stream),
	]);
	const stage = await startExample(stream);
	try {
		await waitForValue(
			"windows",
			async () => (await broker.log.offsets(WINDOWS_TOPIC)) ?? [],
			(ranges) => ranges.some(({ high }) => high > 4),
		);
		const middleware = await startService("middleware", {
			FIREWORKS_BROKERS: stream.FIREWORKS_BROKERS,
			FIREWORKS_MIDDLEWARE_TOPIC: WINDOWS_TOPIC,
			FIREWORKS_MIDDLEWARE_KEY_PATH: "@key",
			FIREWORKS_MIDDLEWARE_TIME_PATH: "start",
			FIREWORKS_MIDDLEWARE_SEQUENCE_PATH: "@offset",
			FIREWORKS_MIDDLEWARE_NUMBER_PATHS: "value=mean",
			FIREWORKS_MIDDLEWARE_NAMES: "value=Mean",
		});
		await middleware.ready();
		const client = await TestClient.connect(
			middleware.port,
			"?windowMs=86400000",
		);
		const path = () =>
			client.events.filter((e) => e.deviceId === "device-0001");
		// Events of the snapshot, and of the batches after it.
		const { length } = await waitForValue(
			"the past",
			path,
			(events) => events.length > 2,
		);
		await waitForValue(
			"the news",
			path,
			(events) => events.length > length + 3,
		);
		const seen = path();
		await client.close();
		const written = await readTopic(broker.log, WINDOWS_TOPIC, (all) =>
			all.some(
				(r) =>
					String(r.key) === "device-0001" &&
					r.offset >= (seen.at(-1)?.seq ?? 0),
			),
		);
		const windows = written
			.filter((r) => String(r.key) === "device-0001")
			.map((r) => ({ seq: r.offset, ...JSON.parse(String(r.value)) }))
			.slice(0, seen.length);
		expect(seen).toEqual(
			windows.map(({ seq, start, mean }, i) => ({
				deviceId: "device-0001",
				seq,
				timestamp: start,
				dt: i === 0 ? 0 : WINDOW_MS / 1_000,
				increment: i === 0 ? 0 : mean - windows[i - 1].mean,
				value: mean,
			})),
		);
		expect(client.frames.find((f) => f.type === "hello")).toMatchObject({
			names: { value: "Mean" },
		});
	} finally {
		await stage.end("SIGTERM");
	}
});

test("a wrong mapping stops the service, with all problems", async () => {
	const wrong = {
		FIREWORKS_MIDDLEWARE_KEY_PATH: "sensor..name",
		FIREWORKS_MIDDLEWARE_TIME_UNIT: "hours",
		FIREWORKS_MIDDLEWARE_NUMBER_PATHS: "temperature=celsius",
		FIREWORKS_MIDDLEWARE_UNITS: "°C",
	};
	const middleware = await startService("middleware", {
		...newStream(broker.kafka.brokers).environment,
		...wrong,
	});
	expect((await middleware.exit).code).toBe(EXIT.config);
	expect(middleware.log.some((line) => line.problems === 4)).toBe(true);
	expect(
		middleware.log
			.filter((l) => l.msg === "wrong setting")
			.map((l) => l.setting),
	).toEqual(Object.keys(wrong));
});
