import { encodeStreamPosition } from "@fireworks/contracts";
import { expect, test } from "vitest";
import { AHEAD_WAIT_MS, SWEEP_MS } from "../../src/limits.ts";
import { range, Viewer } from "../support/events.ts";
import { ALL, Pod } from "../support/pod.ts";

const at = (...next: number[]) => encodeStreamPosition(next);

test("on the same pod: what came meanwhile, without a snapshot", () => {
	const pod = new Pod();
	pod.readMany(30);
	pod.clock.advance(100);
	const { socket } = pod.connect(ALL, at(4, 10, 7));
	pod.clock.advance(100);
	pod.readMany(3);
	pod.clock.advance(100);
	expect(socket.of("snapshot")).toEqual([]);
	const viewer = Viewer.of(socket.frames);
	expect(viewer.seqs("d0")).toEqual(range(4, 11));
	expect(viewer.seqs("d1")).toEqual([10]);
	expect(viewer.seqs("d2")).toEqual(range(7, 11));
	expect(viewer.position).toBe(at(11, 11, 11));
});

test("with a subscription in the URL: only its events", () => {
	const pod = new Pod();
	pod.readMany(30);
	pod.clock.advance(100);
	const { socket } = pod.connect(
		{ deviceIds: ["d1"], windowMs: 60_000 },
		at(4, 4, 4),
	);
	pod.clock.advance(100);
	expect(Viewer.of(socket.frames).events.map((e) => e.seq)).toEqual(
		range(4, 10),
	);
	expect(Viewer.of(socket.frames).position).toBe(at(10, 10, 10));
});

test("a position ahead of this pod: nothing twice, nothing lost, while it catches up", () => {
	const pod = new Pod();
	pod.readMany(30);
	pod.clock.advance(100);
	const { socket, client } = pod.connect(ALL, at(13, 9, 10));
	pod.clock.advance(100);
	expect(client.state).toBe("catching-up");
	for (const _ of range(0, 5)) {
		pod.readMany(3);
		pod.clock.advance(100);
	}
	expect(client.state).toBe("live");
	const viewer = Viewer.of(socket.frames);
	expect(viewer.seqs("d0")).toEqual(range(13, 15));
	expect(viewer.seqs("d1")).toEqual(range(9, 15));
	expect(viewer.seqs("d2")).toEqual(range(10, 15));
	expect(socket.of("snapshot")).toEqual([]);
});

test("positions sent to a client that is ahead are never behind what it has", () => {
	const pod = new Pod();
	pod.readMany(30);
	pod.clock.advance(100);
	const { socket } = pod.connect(ALL, at(100, 9, 10));
	pod.clock.advance(100);
	expect(socket.of("batch")[0]?.position).toBe(at(100, 10, 10));
});

test("a position that stays ahead gets a snapshot after a while", () => {
	const pod = new Pod();
	pod.readMany(30);
	pod.clock.advance(100);
	const { socket, client } = pod.connect(ALL, at(1_000_000, 0, 0));
	for (let ms = 0; ms <= AHEAD_WAIT_MS; ms += SWEEP_MS) {
		pod.hub.sweep();
		pod.clock.advance(SWEEP_MS);
	}
	expect(client.state).toBe("live");
	expect(socket.of("snapshot")[0]?.position).toBe(at(10, 10, 10));
});

test("a position from before the queue, or with other partitions, gets a snapshot", () => {
	const pod = new Pod({ capacity: 12 });
	pod.readMany(30);
	pod.clock.advance(100);
	const sockets = [at(5, 10, 10), at(9, 9), "v2.1.1.1", "rubbish"].map(
		(after) => pod.connect(ALL, after).socket,
	);
	const exact = pod.connect(ALL, at(6, 10, 10)).socket;
	pod.clock.advance(100);
	for (const socket of sockets)
		expect(Viewer.of(socket.frames).seqs("d0")).toEqual(range(6, 10));
	expect(sockets.map((s) => s.of("snapshot").length)).toEqual([1, 1, 1, 1]);
	expect(exact.of("snapshot")).toEqual([]);
	expect(Viewer.of(exact.frames).seqs("d0")).toEqual(range(6, 10));
});

test("clients that come back together share the bytes", () => {
	const pod = new Pod();
	pod.readMany(9_000);
	pod.clock.advance(100);
	const sockets = range(0, 20).map(() => pod.connect(ALL, at(0, 0, 0)).socket);
	pod.clock.advance(100);
	for (const socket of sockets) {
		expect(Viewer.of(socket.frames).events).toHaveLength(9_000);
		const others = sockets[0]?.raw ?? [];
		// All frames but the hello.
		expect(socket.raw.slice(1).every((b, i) => b === others[i + 1])).toBe(true);
	}
});
