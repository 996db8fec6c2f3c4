import { advance, deviceWords, noise, parseSeed } from "@fireworks/wiener";
import { describe, expect, test } from "vitest";
import { EventChecker } from "../../src/websocket/event-checker.ts";

const SEED = parseSeed("7");
const TABLE = [
	{ index: 0, deviceId: "device-0001", drift: 0.1, volatility: 2 },
	{ index: 1, deviceId: "device-0002", drift: 0, volatility: 1 },
];

/** A correct path of n events, from seq 3 on, one second apart. */
function path(index: number, n: number) {
	const device = TABLE[index] as (typeof TABLE)[number];
	const words = deviceWords(device.deviceId);
	let last = { timestamp: 1_000_000, value: 5 };
	return Array.from({ length: n }, (_, i) => {
		const seq = 3 + i;
		const tick = { ...device, timestamp: last.timestamp + 1_000 };
		const step = advance(last, tick, noise(SEED, words, seq));
		if (!step) throw new Error("not finite");
		last = { timestamp: tick.timestamp, value: step.value };
		return { device: index, seq, timestamp: tick.timestamp, ...step };
	});
}

type Event = ReturnType<typeof path>[number];
const columns = (events: readonly Event[]) => ({
	device: events.map((e) => e.device),
	seq: events.map((e) => e.seq),
	timestamp: events.map((e) => e.timestamp),
	dt: events.map((e) => e.dt),
	increment: events.map((e) => e.increment),
	value: events.map((e) => e.value),
});

const check = (events: readonly Event[], seed = SEED) => {
	const checker = new EventChecker(seed);
	checker.take(columns(events), TABLE, true);
	return checker;
};

test("true paths of two devices, mixed, have no findings, and all but the first of each are recomputed", () => {
	const [a, b] = [path(0, 5), path(1, 5)];
	const checker = check(a.flatMap((e, i) => [e, b[i] as Event]));
	expect(checker.findings).toEqual([]);
	expect(checker).toMatchObject({ events: 10, recomputed: 8 });
	expect(checker.newest).toBe(1_005_000);
});

describe("every kind of wrong event is found", () => {
	const change = (i: number, by: Partial<Event>) =>
		path(0, 5).map((e, k) => (k === i ? { ...e, ...by } : e));
	test.each([
		["an increment one bit off", change(2, { increment: 1e-300 }), /increment/],
		["a value", change(4, { value: 1 }), /value is 1/],
		["a dt", change(3, { dt: 2 }), /dt is 2/],
		["an event that is missing", path(0, 5).toSpliced(2, 1), /dt is 1/],
		[
			"an event that comes twice",
			[...path(0, 3), ...path(0, 3).slice(2)],
			/seq 5 at 1003000 follows seq 5/,
		],
		["an unknown device", change(1, { device: 9 }), /never announced/],
	])("%s", (_, events, what) => {
		expect(check(events).findings.join("\n")).toMatch(what);
	});

	test("another seed", () => {
		const checker = check(path(0, 3), parseSeed("8"));
		expect(checker.findingsTotal).toBeGreaterThanOrEqual(2);
	});
});

test("after a gap it starts again, without a finding", () => {
	const events = path(0, 6);
	const checker = check(events.slice(0, 2));
	checker.startAgain();
	checker.take(columns(events.slice(4)), TABLE, true);
	expect(checker.findings).toEqual([]);
	expect(checker.recomputed).toBe(2);
});

test("findings are kept up to a bound, and counted beyond it", () => {
	const checker = check(path(0, 200), parseSeed("8"));
	expect(checker.findings.length).toBe(20);
	expect(checker.findingsTotal).toBeGreaterThan(300);
});

test("a device without a live event stands still, whatever the snapshot had", () => {
	const checker = new EventChecker(SEED);
	checker.take(columns([...path(0, 2), ...path(1, 2)]), TABLE, false);
	expect(checker.still(TABLE)).toEqual(["device-0001", "device-0002"]);
	checker.take(columns(path(0, 3).slice(2)), TABLE, true);
	expect(checker.still(TABLE)).toEqual(["device-0002"]);
});
