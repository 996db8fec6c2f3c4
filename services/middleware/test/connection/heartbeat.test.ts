import { expect, test } from "vitest";
import { Heartbeat } from "../../src/connection/heartbeat.ts";
import { RateLimit } from "../../src/connection/rate-limit.ts";

const PING_MS = 5_000;
const LOOK_MS = 250;

/**
 * Runs until `endMs`, calling pong(atMs) for each ping. Returns when it pinged and when it found
 * the client dead.
 */
function run(endMs: number, pong: (pingMs: number) => number | undefined) {
	const heartbeat = new Heartbeat(PING_MS, 0);
	const pongs: number[] = [];
	const pings: number[] = [];
	for (let now = 0; now <= endMs; now += LOOK_MS) {
		for (const at of pongs.filter((p) => p <= now)) heartbeat.heard(at);
		const beat = heartbeat.look(now);
		if (beat === "dead") return { pings, deadMs: now };
		if (beat === "ping") {
			pings.push(now);
			const at = pong(now);
			if (at !== undefined) pongs.push(at);
		}
	}
	return { pings, deadMs: undefined };
}

test("pings at once, and every five seconds", () => {
	expect(run(20_000, (at) => at).pings).toEqual([
		0, 5_000, 10_000, 15_000, 20_000,
	]);
});

test("a client that never answers is dead within 10 s", () => {
	expect(run(60_000, () => undefined).deadMs).toBe(9_500);
});

test("a client that dies at any moment is found within 10 s", () => {
	for (let diesMs = 0; diesMs < 20_000; diesMs += 130) {
		const { deadMs } = run(60_000, (at) =>
			at + 50 < diesMs ? at + 50 : undefined,
		);
		expect(deadMs).toBeLessThanOrEqual(diesMs + 10_000);
	}
});

test("a live one is never cut while its delay jumps between 0 and 4 s", () => {
	for (const delays of [[4_000], [0, 4_000], [0, 0, 4_000, 4_000], [4_000, 0]])
		expect(
			run(600_000, (at) => at + (delays[(at / PING_MS) % delays.length] ?? 0))
				.deadMs,
		).toBeUndefined();
});

test("time in which this process stood still does not count", () => {
	const heartbeat = new Heartbeat(PING_MS, 0);
	for (let now = 0; now <= 5_000; now += LOOK_MS) heartbeat.look(now);
	heartbeat.heard(5_000);
	expect(heartbeat.look(65_000)).toBe("ping");
	for (let now = 65_250; now < 74_000; now += LOOK_MS)
		expect(heartbeat.look(now)).not.toBe("dead");
	expect(heartbeat.look(74_500)).toBe("dead");
});

test("after a standstill one ping goes out, not one for each that was missed", () => {
	const heartbeat = new Heartbeat(PING_MS, 0);
	heartbeat.look(0);
	const beats = [];
	for (let now = 60_000; now < 64_000; now += LOOK_MS)
		beats.push(heartbeat.look(now));
	expect(beats.filter((b) => b === "ping")).toHaveLength(1);
});

test("frames: twice the rate at once, then the rate", () => {
	const rate = new RateLimit(10, 0);
	const admitted = (now: number, tries: number) =>
		Array.from({ length: tries }, () => rate.take(now)).filter(Boolean).length;
	expect(admitted(0, 100)).toBe(20);
	expect(admitted(1_000, 100)).toBe(10);
	expect(admitted(60_000, 100)).toBe(20);
});
