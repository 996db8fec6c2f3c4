import { expect, test } from "vitest";
import { FLUSH_EVENTS_MAX } from "../../src/limits.ts";
import { event, range, Viewer } from "../support/events.ts";
import { ALL, Pod } from "../support/pod.ts";

test("hello, devices, snapshot, then batches", () => {
	const pod = new Pod();
	pod.readMany(30);
	pod.clock.advance(100);
	const { socket } = pod.connect();
	pod.clock.advance(100);
	pod.readMany(3);
	pod.clock.advance(100);
	expect(socket.frames.map((f) => f.type)).toEqual([
		"hello",
		"devices",
		"snapshot",
		"batch",
	]);
	expect(socket.of("hello")[0]).toMatchObject({
		protocol: "fireworks.v1",
		engine: "typescript",
		deviceCount: 3,
		batchMs: 50,
		pingMs: 5_000,
		oldest: "v1.0.0.0",
		newest: "v1.10.10.10",
	});
	expect(socket.of("snapshot")[0]?.position).toBe("v1.10.10.10");
	expect(Viewer.of(socket.frames).seqs("d1")).toEqual(range(0, 11));
});

test("an empty queue gives an empty snapshot", () => {
	const pod = new Pod();
	const { socket } = pod.connect();
	pod.clock.advance(10);
	expect(socket.of("snapshot")[0]).toMatchObject({
		position: "v1.0.0.0",
		columns: { seq: [] },
	});
});

test("events that came after the last flush come once, in the next batch", () => {
	const pod = new Pod();
	pod.readMany(6);
	pod.clock.advance(100);
	pod.readMany(6);
	pod.clock.settle();
	pod.readMany(3);
	const { socket } = pod.connect();
	pod.clock.advance(200);
	expect(Viewer.of(socket.frames).seqs("d0")).toEqual(range(0, 5));
});

test("clients with the same subscription get the same bytes", () => {
	const pod = new Pod();
	const request = { deviceIds: ["d1", "d0"], windowMs: 60_000 };
	const same = { deviceIds: ["d0", "d1", "d1"], windowMs: 1_000 };
	const sockets = [
		pod.connect(request),
		pod.connect(same),
		pod.connect(ALL),
	].map((c) => c.socket);
	pod.clock.advance(100);
	pod.readMany(3);
	pod.clock.advance(100);
	const [a, b, c] = sockets.map((s) => s.raw.at(-1));
	expect(a).toBe(b);
	expect(c).not.toBe(a);
	expect(pod.hub.subscriptions).toBe(2);
	expect(sockets[0]?.of("batch")[0]?.columns.seq).toEqual([0, 0]);
	expect(sockets[2]?.of("batch")[0]?.columns.seq).toEqual([0, 0, 0]);
});

test("clients that come together share their snapshot's bytes", () => {
	const pod = new Pod();
	pod.readMany(300);
	pod.clock.advance(100);
	const [a, b] = [pod.connect(), pod.connect()];
	pod.clock.advance(10);
	expect(a.socket.raw.at(-1)).toBe(b.socket.raw.at(-1));
});

test("subscribe: other devices, a snapshot of their window, then only their batches", () => {
	const pod = new Pod();
	pod.readMany(300);
	pod.clock.advance(100);
	const { socket, client } = pod.connect();
	pod.clock.advance(10);
	pod.hub.subscribe(client, { deviceIds: ["d2", "unknown"], windowMs: 9_000 });
	pod.clock.advance(10);
	const snapshot = socket.of("snapshot").at(-1);
	expect(snapshot?.columns.seq).toEqual(range(90, 100));
	pod.readMany(3);
	pod.clock.advance(100);
	expect(Viewer.of(socket.frames).events.map((e) => e.deviceId)).toEqual(
		Array.from({ length: 11 }, () => "d2"),
	);
	expect(pod.hub.subscriptions).toBe(1);
});

test("a device that appears or changes is announced before its events, and a subscription by name includes it", () => {
	const pod = new Pod();
	const { socket } = pod.connect({ deviceIds: ["late"], windowMs: 60_000 });
	pod.clock.advance(100);
	pod.queue.append(0, 0, event("late", 0));
	pod.queue.append(0, 1, event("other", 0));
	pod.pacer.notify();
	pod.clock.advance(100);
	expect(Viewer.of(socket.frames).seqs("late")).toEqual([0]);
	expect(socket.of("devices")[0]?.devices.map((d) => d.deviceId)).toEqual([
		"late",
		"other",
	]);
	pod.queue.append(0, 2, event("other", 1, { drift: 3 }));
	pod.pacer.notify();
	pod.clock.advance(100);
	expect(socket.frames.at(-1)).toMatchObject({
		type: "devices",
		devices: [{ deviceId: "other", drift: 3 }],
	});
});

test("a snapshot of many events comes in several frames, of which only the first is a snapshot", () => {
	const pod = new Pod();
	pod.readMany(7_500);
	pod.clock.advance(100);
	const { socket } = pod.connect();
	pod.clock.advance(10);
	expect(socket.frames.map((f) => f.type)).toEqual([
		"hello",
		"devices",
		"snapshot",
		"batch",
		"batch",
		"batch",
	]);
	expect(Viewer.of(socket.frames).seqs("d0")).toEqual(range(0, 2_500));
	// A client that loses its connection in between can resume from the last frame it got.
	const half = socket.of("batch")[0];
	const again = pod.connect(ALL, half?.position);
	pod.clock.advance(10);
	expect(again.socket.of("snapshot")).toEqual([]);
	const viewer = Viewer.of(socket.frames.slice(0, 4));
	for (const frame of again.socket.frames) viewer.take(frame);
	expect(viewer.seqs("d1")).toEqual(range(0, 2_500));
});

test("one flush sends a bounded number of events; the rest follows", () => {
	const pod = new Pod({ capacity: 100_000 });
	const { socket } = pod.connect();
	pod.clock.advance(100);
	pod.readMany(FLUSH_EVENTS_MAX + 1);
	pod.clock.settle();
	expect(Viewer.of(socket.frames).events).toHaveLength(FLUSH_EVENTS_MAX);
	pod.clock.advance(100);
	expect(Viewer.of(socket.frames).events).toHaveLength(FLUSH_EVENTS_MAX + 1);
});

test("the stream is restarted: every client gets a snapshot of the new one", () => {
	const pod = new Pod();
	pod.readMany(30);
	pod.clock.advance(100);
	const { socket } = pod.connect();
	pod.clock.advance(100);
	pod.queue.restart([1_000, 1_000, 1_000]);
	pod.readMany(3);
	pod.clock.advance(200);
	expect(socket.of("snapshot")).toHaveLength(2);
	expect(socket.of("gap")).toEqual([]);
	expect(Viewer.of(socket.frames).events.map((e) => e.seq)).toEqual([
		1_000, 1_000, 1_000,
	]);
	expect(Viewer.of(socket.frames).position).toBe("v1.1001.1001.1001");
});

test("the pacer: at once after a quiet interval, otherwise one interval after the previous flush", () => {
	const pod = new Pod();
	const { socket } = pod.connect();
	pod.clock.advance(1_000);
	const batches = () => socket.of("batch").length;
	pod.read(0);
	pod.read(1);
	pod.clock.settle();
	expect(batches()).toBe(1);
	pod.clock.advance(20);
	pod.read(0);
	pod.clock.advance(29);
	expect(batches()).toBe(1);
	pod.clock.advance(1);
	expect(batches()).toBe(2);
	pod.clock.advance(50);
	pod.read(0);
	pod.clock.settle();
	expect(batches()).toBe(3);
});
