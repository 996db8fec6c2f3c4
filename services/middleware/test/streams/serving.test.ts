/** One stream: what its clients get, how they resume, and its bounds. */
import { expect, test } from "vitest";
import { range } from "../support/events.ts";
import { until } from "../support/running.ts";
import { streamSystem } from "../support/stream-system.ts";

const T = 1_790_000_000_000;

test("hello, keys, a snapshot and batches; null where there is no value", async () => {
	const system = await streamSystem();
	await system.publish("a", { measures: { w: { unit: "m" }, v: {} } });
	await system.append("a", { id: "x", t: T, v: 1, w: null });
	await system.append("a", { id: "y", t: T + 1 }, { partition: 1 });
	const viewer = system.view("?stream=a");
	await until(() => viewer.events.length === 2);
	await system.append("a", { id: "z", t: T + 2, v: 5e-324, w: 1e300 });
	await until(() => viewer.events.length === 3);
	expect(
		viewer.frames.map(({ type }) => type).filter((t) => t !== "ping"),
	).toEqual(["hello", "keys", "snapshot", "keys", "batch"]);
	expect(viewer.of("hello")).toMatchObject([
		{
			protocol: "fireworks.v2",
			stream: { name: "a", key: "id", version: 1 },
			keyCount: 2,
			pingMs: 5_000,
		},
	]);
	expect(Object.keys(viewer.of("hello")[0]?.stream.measures ?? {})).toEqual([
		"w",
		"v",
	]);
	expect(viewer.events.map(({ key, measures }) => [key, measures])).toEqual(
		expect.arrayContaining([
			["x", { w: null, v: 1 }],
			["y", { w: null, v: null }],
			["z", { w: 1e300, v: 5e-324 }],
		]),
	);
});

test("a client that comes back continues exactly, and one with a strange position gets a snapshot", async () => {
	const system = await streamSystem();
	await system.publish("a");
	for (const i of range(0, 4))
		await system.append("a", { id: "x", t: T + i, v: i }, { partition: i % 2 });
	const first = system.view("?stream=a");
	await until(() => first.events.length === 4);
	await first.close();
	for (const i of range(4, 9))
		await system.append("a", { id: "x", t: T + i, v: i }, { partition: i % 2 });
	const second = system.view(`?stream=a&after=${first.position}`);
	await until(() => second.events.length === 5);
	expect(second.of("snapshot")).toEqual([]);
	expect(second.line("x", "v").map(([, v]) => v)).toEqual(range(4, 9));
	const strange = system.view("?stream=a&after=v2.abc.1.1");
	await until(() => strange.events.length === 9);
});

test("the window of the first client leaves out what was read before it came", async () => {
	const system = await streamSystem();
	await system.publish("a");
	for (const i of range(0, 20))
		await system.append("a", { id: "x", t: T + i * 1_000, v: i });
	const viewer = system.view("?stream=a&windowMs=5000");
	await until(() => viewer.events.length > 0);
	await system.append("a", { id: "x", t: T + 20_000, v: 20 });
	await until(() => viewer.of("batch").length > 0);
	expect(viewer.line("x", "v").map(([, v]) => v)).toEqual(range(14, 21));
});

test("a subscription to some keys; keys of 64 bits stay apart", async () => {
	const system = await streamSystem();
	await system.publish("a");
	for (const id of ["9007199254740993", "9007199254740992", "b"])
		await system.append("a", { id, t: T, v: 1 });
	const viewer = system.view("?stream=a&key=9007199254740993&key=unknown");
	await until(() => viewer.events.length === 1);
	expect(viewer.events[0]?.key).toBe("9007199254740993");
	viewer.send({ type: "subscribe", keys: ["b"], windowMs: 1_000 });
	await until(() => viewer.events[0]?.key === "b");
	viewer.send({ type: "subscribe", deviceIds: ["b"], windowMs: 1_000 });
	await until(() => viewer.closed !== undefined);
	expect(viewer.closed?.reason).toBe("bad-frame");
});

test("the record's own key where the definition names none: any bytes, none merged", async () => {
	const system = await streamSystem();
	await system.publish("a", { key: null });
	const keys = [
		null,
		Buffer.from("a"),
		Buffer.from([0xff, 0xfe]),
		Buffer.from([0xff, 0xfd]),
		Buffer.from("hex:fffe"),
		Buffer.alloc(0),
	];
	for (const key of keys)
		await system.append("a", { t: T, id: "", v: 1 }, { key });
	const viewer = system.view("?stream=a");
	await until(() => viewer.events.length === keys.length);
	expect(viewer.events.map(({ key }) => key)).toEqual([
		null,
		"a",
		"hex:fffe",
		"hex:fffd",
		"hex:6865783a66666665",
		"hex:",
	]);
});

test("problems: after the snapshot, counted by reason, and again when they change", async () => {
	const system = await streamSystem();
	await system.publish("a");
	await system.append("a", { id: "x", t: T, v: "much" });
	await system.append("a", { id: "x", v: 1 });
	await system.append("a", { id: "x", t: Date.now() + 3_700_000, v: 1 });
	await system.append("a", { id: "x", t: Date.now() + 3_500_000, v: 1 });
	const viewer = system.view("?stream=a");
	await until(() => viewer.of("problems").length === 1);
	const types = viewer.frames.map(({ type }) => type);
	expect(types.indexOf("problems")).toBeGreaterThan(types.indexOf("snapshot"));
	expect(viewer.of("problems")[0]).toEqual({
		type: "problems",
		records: [
			{
				reason: "no number at v",
				count: 1,
				example:
					'topic a, partition 0, offset 0: v must be a number or null, not "much"',
			},
			{
				reason: "no time at t",
				count: 1,
				example: expect.stringContaining("partition 0, offset 1: "),
			},
		],
		ahead: { count: 1, example: expect.stringContaining("key x, 20") },
	});
	expect(viewer.events).toHaveLength(1);
	await system.append("a", null);
	await until(() => viewer.of("problems").length === 2);
	expect(viewer.of("problems")[1]?.records.at(-1)).toMatchObject({
		reason: "no value",
		count: 1,
	});
	const records = "fireworks_middleware_stream_records_total";
	for (const [outcome, count] of [
		["shown", 1],
		["refused", 3],
		["ahead", 1],
	])
		expect(
			await system.metric(`${records}{stream="a",outcome="${outcome}"}`),
		).toBe(count);
});

test("v1 is not affected: no stream of the catalog, and not ready without its topic", async () => {
	const system = await streamSystem();
	await system.publish("a");
	const viewer = system.view("?stream=a");
	await until(() => viewer.of("snapshot").length === 1);
	expect(system.middleware.notReady()).toContain(
		"there is no topic wiener yet",
	);
	expect(await system.metric("fireworks_middleware_clients")).toBe(0);
	expect(
		await system.metric('fireworks_middleware_stream_clients{stream="a"}'),
	).toBe(1);
});

test("when the middleware stops, clients of streams and of the list are sent away", async () => {
	const system = await streamSystem();
	await system.publish("a");
	const viewers = [system.view("?stream=a"), system.view()];
	await until(() => viewers.every(({ frames }) => frames.length > 0));
	await system.end();
	await until(() => viewers.every(({ closed }) => closed !== undefined));
	for (const { closed } of viewers)
		expect(closed).toMatchObject({
			code: 1012,
			reason: expect.stringMatching(/^retry-after-ms=\d+$/),
		});
});
