/**
 * Data that cannot be shown, or looks wrong: clients, metrics and log report what and why, on a
 * real broker.
 */
import { randomUUID } from "node:crypto";
import { type ProblemsFrame, partitionOf } from "@fireworks/contracts";
import { expect, test } from "vitest";
import { type Service, startService } from "../harness/service.ts";
import { newStream } from "../harness/stream.ts";
import { waitFor } from "../harness/wait-for.ts";
import { TestClient } from "../harness/websocket-client.ts";
import { withBroker } from "../harness/with-broker.ts";

const broker = withBroker();
const IN_2036 = Date.parse("2036-02-12T00:00:00Z");
const DEVICE = "device-0001";

const newestProblems = ({ frames }: TestClient): ProblemsFrame | undefined =>
	frames.findLast((f): f is ProblemsFrame => f.type === "problems");

const logged = (service: Service, reason: string) =>
	service.log.find((line) => line.reason === reason);

async function topicOf(values: readonly (string | Buffer)[]): Promise<string> {
	const name = `readings-${randomUUID().slice(0, 8)}`;
	await broker.log.ensureTopics([
		{
			name,
			partitions: 1,
			replicationFactor: 1,
			cleanup: "delete",
			config: { "cleanup.policy": "delete", "retention.ms": "-1" },
		},
	]);
	for (const value of values)
		await broker.log.append(name, {
			partition: 0,
			key: null,
			value,
			timestamp: Date.now(),
		});
	return name;
}

async function middlewareOf(topic: string): Promise<Service> {
	const { environment } = newStream(broker.kafka.brokers, {
		FIREWORKS_MIDDLEWARE_TOPIC: topic,
		FIREWORKS_MIDDLEWARE_KEY_PATH: "id",
		FIREWORKS_MIDDLEWARE_TIME_PATH: "t",
		FIREWORKS_MIDDLEWARE_SEQUENCE_PATH: "@offset",
		FIREWORKS_MIDDLEWARE_NUMBER_PATHS: "value=v",
	});
	return (await startService("middleware", environment)).ready();
}

test("records that fit no mapping: each reason is counted, with topic, partition and offset", async () => {
	const topic = await topicOf([
		Buffer.concat([Buffer.from([0, 0, 0, 0, 1]), Buffer.from('{"id":"a"}')]),
		'[{"id":"a","t":1,"v":2}]',
		'\ufeff{"id":"a","t":1,"v":2}',
		'{"id":"a","time":1,"v":2}',
		'{"id":"a","t":1,"value":2}',
		"null",
	]);
	const middleware = await middlewareOf(topic);
	const client = await TestClient.connect(middleware.port);
	const { records } = await waitFor("the problems", () =>
		newestProblems(client),
	);
	const at = (offset: number) =>
		`topic ${topic}, partition 0, offset ${offset}`;
	expect(records).toEqual([
		{ reason: "no JSON", count: 2, example: at(2) },
		{ reason: "no key at id", count: 2, example: at(5) },
		{ reason: "no time at t", count: 1, example: at(3) },
		{ reason: "no number at v", count: 1, example: at(4) },
	]);
	expect(logged(middleware, "no number at v")?.example).toBe(at(4));
	expect(
		await middleware.metric("fireworks_middleware_problem_records_total"),
	).toBe(6);
	await client.close();
});

test("one record that is stamped in 2036 is named, with its device and time", async () => {
	const reading = (id: string, t: number) => JSON.stringify({ id, t, v: 1 });
	const now = Date.now();
	const topic = await topicOf([
		reading("a", now),
		reading("b", now),
		reading("b", IN_2036),
	]);
	const middleware = await middlewareOf(topic);
	const client = await TestClient.connect(middleware.port);
	const { records } = await waitFor("the problems", () =>
		newestProblems(client),
	);
	expect(records).toEqual([
		{
			reason: "a time more than 1 h ahead of the clock",
			count: 1,
			example: `topic ${topic}, partition 0, offset 2, device b, 2036-02-12T00:00:00.000Z`,
		},
	]);
	expect(
		logged(middleware, "a time more than 1 h ahead of the clock")?.example,
	).toContain("device b");
	await client.close();
});

test("a tick stamped in 2036: the device that is refused from then on is named, the others are not", async () => {
	const { environment, settings } = newStream(broker.kafka.brokers, {
		FIREWORKS_METRONOME_INTERVAL_MS: "100",
	});
	const [, , middleware] = await Promise.all([
		startService("metronome", environment),
		startService("processor", environment),
		startService("middleware", environment),
	]);
	await middleware.ready();
	const client = await TestClient.connect(middleware.port);
	await waitFor("live records", () => client.events.length > 10);
	expect(newestProblems(client)).toBeUndefined();
	const { seq = 0 } =
		client.events.findLast(({ deviceId }) => deviceId === DEVICE) ?? {};
	// A little ahead of the metronome: ticks up to this number count as repeats.
	const tick = { deviceId: DEVICE, seq: seq + 20, timestamp: IN_2036 };
	await broker.log.append(settings.topicMetronome, {
		partition: partitionOf(Buffer.from(DEVICE), settings.partitions),
		key: DEVICE,
		value: JSON.stringify({ ...tick, drift: 0, volatility: 1 }),
		timestamp: Date.now(),
	});
	const problems = await waitFor("the device to be named", () => {
		const frame = newestProblems(client);
		return frame && frame.refusedDevices > 0 ? frame : undefined;
	});
	expect(problems).toMatchObject({
		refusedDevices: 1,
		refused: [{ deviceId: DEVICE, acceptedMs: IN_2036 }],
	});
	expect(problems.refused[0]?.code).toBe("time-not-increasing");
	expect(await middleware.metric("fireworks_middleware_refused_devices")).toBe(
		1,
	);
	expect(
		middleware.log.some(
			({ device, newestAccepted }) =>
				device === DEVICE && newestAccepted === "2036-02-12T00:00:00.000Z",
		),
	).toBe(true);
	// A middleware that starts later reports the same.
	const second = await startService("middleware", environment);
	await second.ready();
	const late = await TestClient.connect(second.port);
	const again = await waitFor("the same", () => {
		const frame = newestProblems(late);
		return frame && frame.refusedDevices > 0 ? frame : undefined;
	});
	expect(again.refused[0]?.deviceId).toBe(DEVICE);
	await late.close();
	await client.close();
});
