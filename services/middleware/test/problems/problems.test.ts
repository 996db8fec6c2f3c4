import { FakeClock } from "@fireworks/time/fake";
import { beforeEach, expect, test } from "vitest";
import {
	DEVICES_MAX,
	NAMED_MAX,
	Problems,
	REFUSED_KEPT_MS,
} from "../../src/problems/problems.ts";
import {
	CHANGE_MS,
	LOG_INTERVAL_MS,
	REASONS_MAX,
} from "../../src/problems/record-problems.ts";

let clock: FakeClock;
let lines: object[];
let problems: Problems;
beforeEach(() => {
	clock = new FakeClock();
	lines = [];
	problems = new Problems({
		clock,
		logger: { warn: (facts) => lines.push(facts) },
		acceptedMs: (id) => (id === "device-0001" ? 2_086_387_200_000 : undefined),
	});
});

const refuse = (deviceId: string, code = "time-not-increasing") =>
	problems.refused({ deviceId, code, atMs: clock.wallMs() });

test("a device that is refused on every record is named, with the code, since when, and the time it waits for", () => {
	const since = clock.wallMs();
	refuse("device-0001");
	expect(problems.frame().refused).toEqual([]);
	clock.advance(1_000);
	refuse("device-0001");
	expect(problems.frame()).toMatchObject({
		refusedDevices: 1,
		refused: [
			{
				deviceId: "device-0001",
				code: "time-not-increasing",
				count: 2,
				since,
				acceptedMs: 2_086_387_200_000,
			},
		],
	});
	expect(lines).toMatchObject([
		{
			device: "device-0001",
			code: "time-not-increasing",
			newestAccepted: "2036-02-12T00:00:00.000Z",
		},
	]);
});

test("it is refused no more once a record is accepted, or when nothing comes of it for long", () => {
	for (const end of [
		() => problems.accepted("device-0001"),
		() => {
			clock.advance(REFUSED_KEPT_MS + 1);
			problems.version();
		},
	]) {
		refuse("device-0001");
		refuse("device-0001");
		expect(problems.refusedDevices()).toBe(1);
		end();
		expect(problems.refusedDevices()).toBe(0);
		refuse("device-0001");
		expect(problems.refusedDevices()).toBe(0);
		problems.accepted("device-0001");
	}
});

test("records with a problem are counted by reason, with the newest as an example", () => {
	problems.record("no JSON", "offset 1");
	problems.record("no JSON", "offset 2");
	problems.record("no time at t", "offset 3");
	expect(problems.frame().records).toEqual([
		{ reason: "no JSON", count: 2, example: "offset 2" },
		{ reason: "no time at t", count: 1, example: "offset 3" },
	]);
	expect([...problems.counts()]).toEqual([
		["no JSON", 2],
		["no time at t", 1],
	]);
});

test("the log has one line for each reason in its interval", () => {
	for (let i = 0; i < 100; i++) problems.record("no JSON", `offset ${i}`);
	problems.record("no time at t", "offset 100");
	expect(lines).toHaveLength(2);
	clock.advance(LOG_INTERVAL_MS);
	problems.record("no JSON", "offset 101");
	expect(lines.at(-1)).toMatchObject({ example: "offset 101", count: 101 });
});

test("there are no problems at first, and the version rises at most once in the interval", () => {
	expect(problems.version()).toBe(0);
	problems.record("no JSON", "a");
	expect(problems.version()).toBe(1);
	for (let i = 0; i < 100; i++) problems.record("no JSON", "b");
	expect(problems.version()).toBe(1);
	clock.advance(CHANGE_MS);
	expect(problems.version()).toBe(2);
	clock.advance(CHANGE_MS);
	expect(problems.version()).toBe(2);
});

test("whatever comes, it stays bounded", () => {
	for (let i = 0; i < 3 * DEVICES_MAX; i++) {
		problems.record(`reason ${i}`, "x");
		refuse(`device-${i}`, `code-${i}`);
		refuse(`device-${i}`, `code-${i}`);
	}
	const frame = problems.frame();
	expect(frame.records).toHaveLength(REASONS_MAX + 1);
	expect(frame.refused).toHaveLength(NAMED_MAX);
	expect(frame.refused.at(-1)?.deviceId).toBe(`device-${3 * DEVICES_MAX - 1}`);
	expect(frame.refusedDevices).toBe(DEVICES_MAX);
	expect(problems.deadLetters.size).toBeLessThanOrEqual(REASONS_MAX + 1);
});
