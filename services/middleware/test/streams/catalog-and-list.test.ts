/** Which streams there are, and what happens to clients when the catalog changes. */

import { StreamsError } from "@fireworks/streams";
import { expect, test } from "vitest";
import { until } from "../support/running.ts";
import { streamSystem } from "../support/stream-system.ts";

const names = (viewer: {
	of(type: "streams"): { streams: { name: string }[] }[];
}) =>
	viewer.of("streams").map(({ streams }) => streams.map(({ name }) => name));

test("the list: empty before there is a catalog, and the whole of it after every change", async () => {
	const system = await streamSystem();
	const viewer = system.view();
	await until(() => names(viewer).length === 1);
	expect(names(viewer)).toEqual([[]]);
	await system.publish("b", { measures: { w: { unit: "m/s" }, v: {} } });
	await until(() => names(viewer).at(-1)?.length === 1);
	await system.publish("a", { key: null });
	await until(() => names(viewer).at(-1)?.length === 2);
	const later = system.view();
	await until(() => later.frames.length > 0);
	expect(later.of("streams")[0]?.streams).toEqual([
		{ name: "a", key: null, measures: { v: {} }, version: 1 },
		{
			name: "b",
			key: "id",
			measures: { w: { unit: "m/s" }, v: {} },
			version: 1,
		},
	]);
	await system.unpublish("b");
	await until(() => names(viewer).at(-1)?.length === 1);
	expect(names(viewer).at(-1)).toEqual(["a"]);
	expect(await system.metric("fireworks_middleware_list_clients")).toBe(3);
});

test("a list that is already known comes at once, and pings do", async () => {
	const system = await streamSystem({ pingMs: 100 });
	await system.publish("a");
	const viewer = system.view();
	await until(() => viewer.of("ping").length > 3);
	expect(names(viewer)).toEqual([["a"]]);
	viewer.send({ type: "subscribe", keys: null, windowMs: 1_000 });
	await until(() => viewer.closed !== undefined);
	expect(viewer.closed).toEqual({ code: 1008, reason: "bad-frame" });
});

test("an unknown stream: 404, and the message names it", async () => {
	const system = await streamSystem();
	const viewer = system.view("?stream=nowhere");
	await until(() => viewer.refused !== undefined);
	expect(viewer.refused).toEqual({
		status: 404,
		body: 'there is no stream "nowhere"\n',
	});
});

test("a changed definition: clients are asked to come back, and get it", async () => {
	const system = await streamSystem();
	await system.publish("a");
	await system.append("a", { id: "x", t: 1_000, v: 1, w: 2 });
	const before = system.view("?stream=a");
	await until(() => before.events.length === 1);
	await system.publish("a", { measures: { w: {} } });
	await until(() => before.closed !== undefined);
	expect(before.closed).toEqual({ code: 1012, reason: "retry-after-ms=0" });
	// A position of the old definition brings a snapshot: its columns are not those of the new one.
	const after = system.view(`?stream=a&after=${before.position}`);
	await until(() => after.events.length === 1);
	expect(after.of("hello")[0]?.stream).toMatchObject({
		version: 2,
		measures: { w: {} },
	});
	expect(after.of("snapshot")[0]?.stream).not.toBe(
		before.of("snapshot")[0]?.stream,
	);
	expect(after.events).toEqual([{ key: "x", time: 1_000, measures: { w: 2 } }]);
});

test("a removed stream ends its own clients, with a reason, and no others", async () => {
	const system = await streamSystem();
	await system.publish("a");
	await system.publish("b");
	const [a, b] = [system.view("?stream=a"), system.view("?stream=b")];
	await until(() => a.of("snapshot").length + b.of("snapshot").length === 2);
	await system.unpublish("a");
	await until(() => a.closed !== undefined);
	expect(a.closed).toEqual({ code: 4004, reason: "stream-removed" });
	expect(a.of("error")).toEqual([
		{
			type: "error",
			code: "stream-removed",
			message: "the stream a was removed",
		},
	]);
	const again = system.view("?stream=a");
	await until(() => again.refused !== undefined);
	expect(again.refused?.status).toBe(404);
	await system.append("b", { id: "x", t: 1_000, v: 1 });
	await until(() => b.events.length === 1);
});

test("a stream whose topic does not exist yet has no events until it does", async () => {
	const system = await streamSystem({}, (log) => ({
		...log,
		offsets: async (topic) =>
			there || topic !== "a" ? log.offsets(topic) : undefined,
	}));
	let there = false;
	await system.publish("a");
	await system.append("a", { id: "x", t: 1_000, v: 1 });
	const viewer = system.view("?stream=a");
	await until(() => viewer.of("snapshot").length === 1);
	expect(viewer.of("hello")[0]).toMatchObject({ keyCount: 0 });
	there = true;
	await until(() => viewer.events.length === 1);
});

test("a stream that cannot be read ends only its own clients", async () => {
	const system = await streamSystem({}, (log) => ({
		...log,
		read: (options) =>
			options.topics[0] === "forbidden"
				? Promise.reject(
						new StreamsError(
							"access-refused",
							"Kafka rejected our credentials",
						),
					)
				: log.read(options),
	}));
	await system.publish("a");
	await system.publish("forbidden");
	const a = system.view("?stream=a");
	await until(() => a.of("snapshot").length === 1);
	const forbidden = system.view("?stream=forbidden");
	await until(
		() => forbidden.refused !== undefined || forbidden.closed !== undefined,
	);
	expect(forbidden.refused?.status ?? forbidden.closed?.code).toBeOneOf([
		503, 4004,
	]);
	await system.append("a", { id: "x", t: 1_000, v: 1 });
	await until(() => a.events.length === 1);
});
