/** Real sockets: what a client sees, from the upgrade to the end. */
import { afterEach, expect, test } from "vitest";
import { signTicket } from "../src/server/auth.ts";
import { event, range } from "./support/events.ts";
import { FakeLog } from "./support/fake-log.ts";
import { type Running, run, TestClient, until } from "./support/running.ts";

let running: Running | undefined;
afterEach(async () => {
	await running?.end();
	running = undefined;
});
const start = async (...options: Parameters<typeof run>) => {
	running = await run(...options);
	return running;
};
const get = async (port: number, path: string) => {
	const response = await fetch(`http://127.0.0.1:${port}${path}`);
	return { status: response.status, body: await response.text() };
};
const fill = (log: FakeLog, events: number) => {
	for (const i of range(0, events))
		log.append(i % 3, event(`d${i % 3}`, Math.floor(i / 3)));
};

test("hello, devices, snapshot, batch; and a resume without loss or repeat", async () => {
	const { log, port } = await start();
	fill(log, 30);
	const client = new TestClient(port);
	await until(() => client.viewer.events.length === 30);
	expect(client.frames.map((f) => f.type).slice(0, 3)).toEqual([
		"hello",
		"devices",
		"snapshot",
	]);
	expect(client.socket.protocol).toBe("fireworks.v1");
	log.append(1, event("d1", 10));
	await until(() => client.viewer.events.length === 31);
	const { position } = client.viewer;
	client.socket.terminate();
	for (const seq of range(11, 20)) log.append(1, event("d1", seq));
	const again = new TestClient(port, { path: `/ws?after=${position}` });
	await until(() => again.viewer.events.length === 9);
	log.append(0, event("d0", 10));
	await until(() => again.viewer.events.length === 10);
	expect(again.viewer.seqs("d1")).toEqual(range(11, 20));
	expect(again.of("snapshot")).toEqual([]);
});

test("a resume on another pod, which read in another order", async () => {
	const log = new FakeLog(3);
	fill(log, 30);
	const first = await start({}, log);
	const client = new TestClient(first.port);
	await until(() => client.viewer.events.length === 30);
	fill(log, 3);
	await until(() => client.viewer.events.length === 33);
	const second = await run({}, log);
	fill(log, 30);
	const again = new TestClient(second.port, {
		path: `/ws?after=${client.viewer.position}`,
	});
	await until(() => again.viewer.events.length === 30);
	expect(again.of("snapshot")).toEqual([]);
	await until(() => again.viewer.position === "v2.topic1.21.21.21");
	await second.end();
});

test("subscribe, and a subscription in the address", async () => {
	const { log, port, middleware } = await start();
	fill(log, 30);
	await until(() => middleware.hub.livePlace().ordinal === 30);
	const client = new TestClient(port, {
		path: "/ws?deviceId=d1&windowMs=4000",
	});
	await until(() => client.of("snapshot").length === 1);
	expect(client.viewer.events.map((e) => e.seq)).toEqual(range(5, 10));
	client.send({ type: "subscribe", deviceIds: ["d0"], windowMs: 2_000 });
	await until(() => client.of("snapshot").length === 2);
	expect(client.viewer.seqs("d0")).toEqual([7, 8, 9]);
});

test("who may not come gets a plain HTTP answer", async () => {
	const { log, port, middleware, registry } = await start();
	fill(log, 3);
	const refused = [
		new TestClient(port, { path: "/" }),
		new TestClient(port, { path: "/metrics" }),
		new TestClient(port, { origin: "http://evil.example" }),
		new TestClient(port, { protocols: ["fireworks.v9"] }),
		new TestClient(port, { path: "/ws?windowMs=1" }),
	];
	await until(() => refused.every((c) => c.refused));
	expect(refused.map((c) => c.refused?.status)).toEqual([
		404, 404, 403, 400, 400,
	]);
	expect(refused[2]?.refused?.body).toBe(
		"pages of this origin may not connect\n",
	);
	const accepted = [
		new TestClient(port, { origin: "http://localhost:3000" }),
		new TestClient(port, { protocols: [] }),
		new TestClient(port, { protocols: ["x", "fireworks.v1"] }),
	];
	await until(() => accepted.every((c) => c.of("snapshot").length === 1));
	expect(accepted.map((c) => c.socket.protocol)).toEqual([
		"fireworks.v1",
		"",
		"fireworks.v1",
	]);
	expect(Object.fromEntries(middleware.counts.refused)).toEqual({
		path: 2,
		origin: 1,
		protocol: 1,
		query: 1,
	});
	expect(await registry.metrics()).toContain(
		'fireworks_middleware_refused_total{reason="origin"} 1',
	);
});

test("bearer token and ticket: a valid one is needed, and one is enough", async () => {
	const { port, middleware } = await start({
		middlewareBearerToken: "a-token",
		middlewareTicketSecret: "a-secret",
	});
	const bearing = (token: string) =>
		new TestClient(port, { headers: { authorization: `Bearer ${token}` } });
	const ticketed = (secret: string, expiresInMs: number) =>
		new TestClient(port, {
			path: `/ws?ticket=${signTicket(secret, Date.now() + expiresInMs)}`,
			origin: "http://localhost:3000",
		});
	const accepted = [bearing("a-token"), ticketed("a-secret", 60_000)];
	await until(() => accepted.every((c) => c.of("snapshot").length === 1));
	const refused = [
		new TestClient(port),
		bearing("another"),
		ticketed("a-secret", -1),
		ticketed("another", 60_000),
	];
	await until(() => refused.every((c) => c.refused));
	expect(refused.map((c) => c.refused?.status)).toEqual([401, 401, 401, 401]);
	expect(middleware.counts.refused.get("credentials")).toBe(4);
});

test("a connection outlives its ticket", async () => {
	const { log, port } = await start({ middlewareTicketSecret: "a-secret" });
	const expiresAt = Date.now() + 500;
	const ticket = signTicket("a-secret", expiresAt);
	const client = new TestClient(port, { path: `/ws?ticket=${ticket}` });
	await until(() => client.of("snapshot").length === 1);
	await until(() => Date.now() > expiresAt);
	log.append(0, event("d0", 0));
	await until(() => client.viewer.events.length === 1);
});

test("limits of clients, in all and of an address, and places that are given back", async () => {
	const { port } = await start({
		middlewareClientsMax: 3,
		middlewareClientsPerAddressMax: 2,
		middlewareProxyHops: 1,
	});
	const from = (address: string) =>
		new TestClient(port, { headers: { "x-forwarded-for": address } });
	const clients = [from("1.1.1.1"), from("1.1.1.1")];
	await until(() => clients.every((c) => c.of("hello").length > 0));
	const third = from("1.1.1.1");
	await until(() => third.refused !== undefined);
	const other = from("2.2.2.2");
	await until(() => other.of("hello").length > 0);
	const fifth = from("3.3.3.3");
	await until(() => fifth.refused !== undefined);
	expect([third, fifth].map((c) => c.refused?.status)).toEqual([503, 503]);
	clients[0]?.socket.terminate();
	await until(() => running?.middleware.hub.clients.size === 2);
	const sixth = from("1.1.1.1");
	await until(() => sixth.of("hello").length > 0);
});

test("both pings go out, either pong keeps a client, and one that gives neither is cut", async () => {
	const { port, middleware } = await start({}, undefined, { pingMs: 100 });
	const byControlFrame = new TestClient(port);
	const byFrame = new TestClient(port, { autoPong: false });
	byFrame.socket.on("message", (data) => {
		const frame = JSON.parse(data.toString());
		if (frame.type === "ping")
			byFrame.send({ type: "pong", serverTime: frame.serverTime });
	});
	const dead = new TestClient(port, { autoPong: false });
	await until(() => dead.closed !== undefined);
	expect(dead.closed?.code).toBe(1006);
	await until(() => byControlFrame.pings >= 10 && byFrame.pings >= 10);
	expect(byFrame.of("ping").length).toBeGreaterThanOrEqual(9);
	expect([byControlFrame.closed, byFrame.closed]).toEqual([
		undefined,
		undefined,
	]);
	expect(middleware.counts.closed.get("silent")).toBe(1);
});

test("not there yet: not ready, and 503 to clients, until the topic is there", async () => {
	const { log, port } = await start({}, new FakeLog(undefined));
	await until(() => log.partitions === undefined);
	expect(await get(port, "/livez")).toMatchObject({ status: 200 });
	const ready = await get(port, "/readyz");
	expect(ready.status).toBe(503);
	expect(ready.body).toMatch(/there is no topic wiener yet|starting/);
	const early = new TestClient(port);
	await until(() => early.refused !== undefined);
	expect(early.refused?.status).toBe(503);
	log.create(3);
	await until(() => running?.middleware.notReady() === undefined);
	expect((await get(port, "/readyz")).status).toBe(200);
	const client = new TestClient(port);
	await until(() => client.of("snapshot").length === 1);
});

test("metrics", async () => {
	const { log, port } = await start();
	fill(log, 30);
	const client = new TestClient(port);
	await until(() => client.viewer.events.length === 30);
	const { body } = await get(port, "/metrics");
	for (const line of [
		"fireworks_middleware_clients 1",
		"fireworks_middleware_queue_events 30",
		"fireworks_middleware_queue_bytes 1860",
		"fireworks_middleware_devices 3",
		"fireworks_middleware_events_received_total 30",
		'fireworks_middleware_reader_position{partition="2"} 10',
		"fireworks_middleware_snapshots_total 1",
	])
		expect(body).toContain(`${line}\n`);
});

test("a stop, in order: not ready, no new ones, clients sent away spread out, reader closed", async () => {
	const { log, port, middleware } = await start();
	const clients = range(0, 50).map(() => new TestClient(port));
	await until(() => clients.every((c) => c.of("snapshot").length === 1));
	const stopped = middleware.stop();
	expect(middleware.notReady()).toBe("stopping");
	expect(log.closed).toBe(0);
	await stopped;
	expect(log.closed).toBe(1);
	await until(() => clients.every((c) => c.closed !== undefined));
	expect(new Set(clients.map((c) => c.closed?.code))).toEqual(new Set([1012]));
	const hints = clients.map((c) =>
		Number(/^retry-after-ms=(\d+)$/.exec(c.closed?.reason ?? "")?.[1]),
	);
	expect(new Set(hints).size).toBe(50);
	expect(Math.max(...hints)).toBeLessThanOrEqual(10_000);
	await expect(get(port, "/readyz")).rejects.toThrow();
});

test("a stop cuts clients that do not take part", async () => {
	const { log, port, middleware } = await start();
	const client = new TestClient(port);
	await until(() => client.of("snapshot").length === 1);
	client.socket.pause();
	await middleware.stop();
	expect(log.closed).toBe(1);
	client.socket.resume();
	await until(() => client.closed !== undefined);
});
