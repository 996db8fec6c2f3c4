/**
 * Streams of the catalog through a real middleware on a real broker: nothing is merged, misread or
 * left out in silence. What each case is about stands in its test.
 */
import { int64, type StreamOptions } from "@fireworks/pipeline";
import { expect, test } from "vitest";
import { z } from "zod";
import { StreamViewer } from "../../services/middleware/test/support/stream-viewer.ts";
import { startService } from "../harness/service.ts";
import { newStream } from "../harness/stream.ts";
import { caseRecords, caseStream } from "../harness/stream-case.ts";
import { waitFor, waitForValue } from "../harness/wait-for.ts";
import { withBroker } from "../harness/with-broker.ts";

const broker = withBroker();

const READINGS: Omit<StreamOptions<unknown>, "name"> = {
	schema: z.object({ id: z.string(), t: z.number(), v: z.number() }),
	key: "id",
	time: { path: "t", unit: "ms" },
	measures: { v: {} },
};
const HOUR_MS = 3_600_000;

/** Starts a middleware that knows the stream. */
async function middlewareFor(
	stream: string,
	more: Record<string, string> = {},
): Promise<number> {
	const { environment, settings } = newStream(broker.kafka.brokers, more);
	await broker.log.ensureTopics([
		{
			name: settings.topicWiener,
			partitions: 1,
			replicationFactor: 1,
			cleanup: "delete",
			config: { "cleanup.policy": "delete" },
		},
	]);
	const { port } = await (
		await startService("middleware", environment)
	).ready();
	const list = new StreamViewer(port);
	await waitFor("the stream in the list", () =>
		list
			.of("streams")
			.at(-1)
			?.streams.some(({ name }) => name === stream),
	);
	await list.close();
	return port;
}

interface Shown {
	live: StreamViewer;
	loaded: StreamViewer;
}

/** Shows a case to a client that was there before its records, and to one that came after. */
async function show(
	name: string,
	partitions: number,
	events: number,
	options: Partial<StreamOptions<unknown>> = {},
	environment: Record<string, string> = {},
): Promise<Shown> {
	const stream = await caseStream(broker.log, partitions, {
		...READINGS,
		...options,
	});
	const port = await middlewareFor(stream.name, environment);
	const query = `?stream=${stream.name}&windowMs=${200_000 * HOUR_MS}`;
	const live = new StreamViewer(port, query);
	await waitFor("hello", () => live.of("snapshot").length > 0);
	await stream.write(caseRecords(name, partitions));
	await arrived(live, events);
	const loaded = new StreamViewer(port, query);
	await arrived(loaded, events);
	return { live, loaded };
}

const arrived = (viewer: StreamViewer, events: number) =>
	waitForValue(
		"the events",
		() => viewer.events.length,
		(count) => count >= events,
	);

const problemsOf = (viewer: StreamViewer) =>
	waitFor("the problems", () => viewer.of("problems").at(-1));

test("B01: one key over all partitions is one line with all points", async () => {
	const { live, loaded } = await show("B01-keyless", 4, 48);
	for (const viewer of [live, loaded])
		expect(viewer.line("a", "v")).toEqual(
			Array.from({ length: 48 }, (_, i) => [1_790_000_000_000 + i * 1_000, i]),
		);
});

test("B02: a time far ahead is set aside and named, and moves nothing", async () => {
	const { live, loaded } = await show("B02-future-record", 2, 48);
	for (const viewer of [live, loaded]) {
		expect(viewer.line("a", "v")).toHaveLength(24);
		expect(viewer.line("b", "v")).toHaveLength(24);
		expect(await problemsOf(viewer)).toMatchObject({
			records: [],
			ahead: { count: 1, example: expect.stringContaining("key b, 2036-") },
		});
	}
});

test("B02: the window of a stream that lies in the past ends at its newest honest time", async () => {
	const stream = await caseStream(broker.log, 2, READINGS);
	await stream.write(caseRecords("B02-future-record", 2));
	const port = await middlewareFor(stream.name);
	const viewer = new StreamViewer(port, `?stream=${stream.name}&windowMs=5000`);
	await arrived(viewer, 12);
	expect(viewer.events).toHaveLength(12);
	expect(viewer.line("a", "v")[0]?.[0]).toBe(1_790_000_018_000);
});

test("B04: all records with equal times are kept, in the order of the log", async () => {
	const { live, loaded } = await show("B04-equal-times", 1, 50);
	for (const viewer of [live, loaded]) {
		expect(viewer.events).toHaveLength(50);
		expect(new Set(viewer.events.map(({ time }) => time)).size).toBe(5);
		expect(viewer.events.at(-1)?.measures.v).toBe(1.3);
	}
});

test("B05: what can be read is shown, and the rest is counted by reason with an example", async () => {
	const { live, loaded } = await show("B05-unreadable", 2, 8);
	for (const viewer of [live, loaded]) {
		expect(viewer.line("a", "v").map(([, v]) => v)).toEqual([
			0, 1, 2, 3, 8, 9, 10, 11,
		]);
		const { records } = await waitFor("all problems", () =>
			viewer
				.of("problems")
				.findLast((f) => f.records.reduce((n, r) => n + r.count, 0) === 10),
		);
		expect(
			records.map(({ reason, count }) => [reason, count]).toSorted(),
		).toEqual([
			["no JSON", 1],
			["no time at t", 4],
			["not a JSON object", 5],
		]);
		for (const { example } of records)
			expect(example).toMatch(/^topic case-\w+, partition \d, offset \d+: /);
	}
});

test.each(["UTC", "America/New_York"])(
	"B06: times are read the same under TZ=%s",
	async (zone) => {
		const { loaded } = await show(
			"B06-times",
			2,
			14,
			{
				schema: z.object({ id: z.string(), t: z.string(), v: z.number() }),
				time: { path: "t", zone: "UTC" },
			},
			{ TZ: zone },
		);
		const times = Object.fromEntries(
			loaded.events
				.filter(({ key }) => key !== "dst")
				.map(({ key, time }) => [key, new Date(time).toISOString()]),
		);
		expect(times).toEqual({
			n00: "2014-03-09T01:30:00.000Z",
			n01: "2014-03-09T02:30:00.000Z",
			n02: "2014-03-09T03:30:00.000Z",
			n03: "2014-03-09T04:30:00.000Z",
			n07: "2026-01-31T12:00:00.000Z",
			n08: "2026-01-31T00:00:00.000Z",
			n09: "2026-01-31T12:00:00.000Z",
			n10: "2026-01-31T11:00:00.000Z",
			n11: "2026-01-31T12:00:00.500Z",
			n12: "2026-01-31T12:00:00.123Z",
		});
		const dst = loaded.line("dst", "v").map(([time]) => time);
		expect(dst.map((time, i) => time - (dst[i - 1] ?? time))).toEqual([
			0,
			HOUR_MS,
			HOUR_MS,
			HOUR_MS,
		]);
		const { records } = await problemsOf(loaded);
		expect(records.reduce((n, { count }) => n + count, 0)).toBe(6);
	},
);

test("B16: keys beyond 2^53 stay two keys", async () => {
	const { live, loaded } = await show("B16-large-integers", 1, 20, {
		schema: z.object({ id: int64(), t: z.number(), v: z.number() }),
	});
	for (const viewer of [live, loaded])
		for (const [key, sign] of [
			["9007199254740993", 1],
			["9007199254740992", -1],
		] as const) {
			const values = viewer.line(key, "v").map(([, v]) => v);
			expect(values).toHaveLength(10);
			for (const value of values) expect(Math.sign(value ?? 0)).toBe(sign);
		}
});

test("B17: a counter that wraps clears nothing", async () => {
	const { live, loaded } = await show("B17-wrapping-counter", 1, 48);
	for (const viewer of [live, loaded])
		expect(viewer.line("a", "v")).toHaveLength(48);
});

test("B21: tiny values arrive as the same doubles", async () => {
	const { loaded } = await show("B21-tiny-values", 1, 48);
	const sent = caseRecords("B21-tiny-values", 1).map(
		({ value }) => JSON.parse(String(value)).v as number,
	);
	expect(loaded.events.map(({ measures }) => measures.v)).toEqual(sent);
});
