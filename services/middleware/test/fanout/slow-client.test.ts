import { CLOSE } from "@fireworks/contracts";
import { expect, test } from "vitest";
import { SWEEP_MS } from "../../src/limits.ts";
import { range, Viewer } from "../support/events.ts";
import { ALL, BOUNDS, Pod } from "../support/pod.ts";

/** A pod with two clients: one is live and then stops reading, the other keeps reading. */
function slowAndQuick(bounds = {}) {
	const pod = new Pod({ capacity: 100_000, bounds });
	const slow = pod.connect();
	const quick = pod.connect();
	pod.clock.advance(100);
	slow.socket.reading = false;
	return { pod, slow, quick };
}

test("a slow client is skipped to the newest, with a gap that says from, to and how many", () => {
	const { pod, slow, quick } = slowAndQuick();
	for (const _ of range(0, 20)) {
		pod.readMany(600);
		pod.clock.advance(100);
	}
	expect(slow.client.state).toBe("lagging");
	expect(quick.client.state).toBe("live");
	slow.socket.reading = true;
	slow.socket.drain();
	pod.readMany(3);
	pod.clock.advance(100);
	expect(slow.client.state).toBe("live");
	const seen = Viewer.of(slow.socket.frames);
	const all = Viewer.of(quick.socket.frames);
	expect(all.events).toHaveLength(12_003);
	expect(seen.skipped).toBeGreaterThan(0);
	expect(seen.events.length + seen.skipped).toBe(all.events.length);
	expect(seen.position).toBe(all.position);
	const [gap] = slow.socket.of("gap");
	const before =
		slow.socket.frames[slow.socket.frames.indexOf(gap as never) - 1];
	expect(before).toMatchObject({ type: "batch", position: gap?.from });
	expect(quick.socket.of("gap")).toEqual([]);
	expect(pod.counts.gaps).toBe(1);
});

test("a gap counts only the events of the subscription", () => {
	const pod = new Pod({ capacity: 100_000 });
	const { socket } = pod.connect({ deviceIds: ["d0"], windowMs: 1_000 });
	pod.clock.advance(100);
	socket.reading = false;
	for (const _ of range(0, 60)) {
		pod.readMany(900);
		pod.clock.advance(100);
	}
	socket.reading = true;
	socket.drain();
	pod.readMany(3);
	pod.clock.advance(100);
	const seen = Viewer.of(socket.frames);
	expect(seen.events.length + seen.skipped).toBe(18_001);
	expect(seen.skipped).toBeGreaterThan(0);
});

test("a slow client never has more waiting than its bound", () => {
	const { pod, slow } = slowAndQuick();
	for (const _ of range(0, 50)) {
		pod.readMany(2_000);
		pod.clock.advance(100);
	}
	expect(slow.socket.mostBuffered).toBeGreaterThan(BOUNDS.bufferBytesMax / 2);
	expect(slow.socket.mostBuffered).toBeLessThanOrEqual(BOUNDS.bufferBytesMax);
});

test("a slow client is closed with a code when it stays slow, and not before", () => {
	const { pod, slow, quick } = slowAndQuick();
	pod.readMany(20_000);
	pod.clock.advance(100);
	expect(slow.client.state).toBe("lagging");
	for (let ms = 0; ms < BOUNDS.slowMaxMs - 500; ms += SWEEP_MS) {
		pod.hub.sweep();
		pod.clock.advance(SWEEP_MS);
	}
	expect(slow.socket.closed).toBeUndefined();
	pod.clock.advance(1_000);
	pod.hub.sweep();
	expect(slow.socket.closed).toEqual({
		code: CLOSE.slow,
		reason: "slow-client",
	});
	expect(slow.client.state).toBe("closed");
	expect(pod.hub.clients.size).toBe(1);
	slow.socket.closed = undefined;
	slow.socket.drain();
	expect(slow.socket.of("error")[0]?.code).toBe("slow-client");
	expect(quick.socket.closed).toBeUndefined();
});

test("a client that catches up is sent frames as it reads, and is closed when it takes nothing", () => {
	const pod = new Pod({ capacity: 100_000 });
	pod.readMany(60_000);
	pod.clock.advance(100);
	const { socket, client } = pod.connect();
	socket.reading = false;
	pod.clock.advance(100);
	expect(socket.bufferedAmount).toBeLessThan(BOUNDS.bufferBytesMax);
	for (const _ of range(0, 40)) {
		socket.drain(1);
		pod.clock.advance(1_000);
		pod.hub.sweep();
		expect(socket.bufferedAmount).toBeLessThanOrEqual(BOUNDS.bufferBytesMax);
	}
	expect(socket.closed).toBeUndefined();
	const stuck = pod.connect();
	stuck.socket.reading = false;
	pod.clock.advance(1);
	for (let ms = 0; ms <= BOUNDS.slowMaxMs + SWEEP_MS; ms += SWEEP_MS) {
		pod.hub.sweep();
		pod.clock.advance(SWEEP_MS);
	}
	expect(stuck.socket.closed?.code).toBe(CLOSE.slow);
	socket.reading = true;
	socket.drain();
	pod.clock.advance(100);
	expect(client.state).toBe("live");
	expect(Viewer.of(socket.frames).seqs("d0")).toEqual(range(10_000, 20_000));
});

test("a client that takes less than arrives is skipped to the newest instead of falling farther and farther behind", () => {
	const pod = new Pod({ capacity: 500_000 });
	pod.readMany(30_000);
	pod.clock.advance(1_000);
	const { socket, client } = pod.connect();
	socket.reading = false;
	pod.clock.advance(100);
	for (const _ of range(0, 60)) {
		pod.readMany(6_000);
		socket.drain(1);
		pod.clock.advance(100);
	}
	socket.reading = true;
	socket.drain();
	pod.clock.advance(100);
	const [gap] = socket.of("gap");
	expect(gap?.count).toBeGreaterThan(0);
	expect(client.state).toBe("live");
});

test("a client that is far behind, but reads faster than events arrive, catches up without a gap", () => {
	const pod = new Pod({ capacity: 500_000 });
	pod.readMany(90_000);
	pod.clock.advance(3_000);
	const { socket, client } = pod.connect(ALL, "v1.0.0.0");
	socket.reading = false;
	pod.clock.advance(10);
	for (let turn = 0; turn < 1_000 && client.state !== "live"; turn++) {
		pod.readMany(300);
		socket.drain(1);
		pod.clock.advance(100);
	}
	expect(client.state).toBe("live");
	expect(socket.of("gap")).toEqual([]);
	socket.drain();
	const viewer = Viewer.of(socket.frames);
	expect(viewer.seqs("d2")).toEqual(range(0, pod.queue.next[2] as number));
});

test("more events between two flushes than the queue holds: live clients get a gap", () => {
	const pod = new Pod({ capacity: 300 });
	const { socket, client } = pod.connect();
	pod.clock.advance(100);
	pod.readMany(3);
	pod.clock.advance(10);
	pod.readMany(900);
	pod.clock.advance(200);
	const seen = Viewer.of(socket.frames);
	expect(seen.events.length + seen.skipped).toBe(903);
	expect(seen.position).toBe("v1.301.301.301");
	expect(client.state).toBe("live");
});
