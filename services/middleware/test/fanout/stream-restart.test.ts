/** The topic is deleted and recreated while a client catches up, lags, or is being sent a flush. */
import { expect, test } from "vitest";
import { FLUSH_TURN_MS } from "../../src/limits.ts";
import { range, Viewer } from "../support/events.ts";
import { ALL, PARTITIONS, Pod } from "../support/pod.ts";

function expectNewStream(pod: Pod, client: { state: string }, viewer: Viewer) {
	expect(client.state).toBe("live");
	expect(viewer.skipped).toBe(0);
	for (const p of range(0, PARTITIONS))
		expect(viewer.seqs(`d${p}`)).toEqual(range(0, pod.queue.next[p] as number));
}

test("while a client catches up: it gets a snapshot of the new stream, at once", () => {
	const pod = new Pod({ capacity: 100_000 });
	pod.readMany(60_000);
	pod.clock.advance(100);
	const { socket, client } = pod.connect(ALL, "v1.0.0.0");
	socket.reading = false;
	pod.clock.advance(100);
	expect(client.state).toBe("catching-up");
	pod.recreate();
	// The client's next step comes before the next flush.
	socket.reading = true;
	socket.drain();
	pod.clock.settle();
	pod.readMany(30);
	pod.clock.advance(100);
	expectNewStream(pod, client, Viewer.of(socket.frames));
});

test("while a client lags, and has room again before the next flush", () => {
	const pod = new Pod({ capacity: 100_000 });
	const { socket, client } = pod.connect();
	pod.clock.advance(100);
	socket.reading = false;
	for (const _ of range(0, 20)) {
		pod.readMany(600);
		pod.clock.advance(100);
	}
	expect(client.state).toBe("lagging");
	pod.recreate();
	socket.reading = true;
	socket.drain();
	pod.hub.sweep();
	pod.readMany(30);
	pod.clock.advance(100);
	expectNewStream(pod, client, Viewer.of(socket.frames));
});

test("between two turns of a flush", () => {
	const pod = new Pod();
	const clients = range(0, 3).map(() => pod.connect());
	pod.clock.advance(100);
	pod.sendMs = FLUSH_TURN_MS;
	pod.read(0);
	pod.clock.turn();
	pod.recreate();
	pod.clock.advance(10);
	pod.sendMs = 0;
	pod.readMany(30);
	pod.clock.advance(200);
	for (const { socket, client } of clients)
		expectNewStream(pod, client, Viewer.of(socket.frames));
});
