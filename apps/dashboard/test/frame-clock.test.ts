import { FakeClock } from "@fireworks/time/fake";
import { beforeEach, describe, expect, it } from "vitest";
import { FrameClock } from "../src/chart/frame-clock.ts";

let time: FakeClock;
let startedMs: number[];
let finish: (() => void)[];
let hidden: boolean;
let complete: boolean;
let errors: unknown[];
let fails: boolean;

const clockOf = (gatherMs = 0) =>
	new FrameClock({
		intervalMs: 100,
		gatherMs,
		complete: () => complete,
		draw: () => {
			startedMs.push(time.monotonicMs() - start);
			if (fails) return Promise.reject(new Error("no canvas"));
			return new Promise((resolve) => finish.push(resolve));
		},
		hidden: () => hidden,
		clock: time,
		onError: (error) => errors.push(error),
	});
let start: number;
/** Ends the current draw. */
const drawn = async () => {
	finish.shift()?.();
	await new Promise((resolve) => setImmediate(resolve));
};

beforeEach(() => {
	time = new FakeClock();
	start = time.monotonicMs();
	startedMs = [];
	finish = [];
	errors = [];
	hidden = false;
	complete = false;
	fails = false;
});

describe("the frame clock", () => {
	it("draws at once after a quiet interval", () => {
		clockOf().request();
		expect(startedMs).toEqual([0]);
	});

	it("begins draws no closer than the interval", async () => {
		const clock = clockOf();
		clock.request();
		await drawn();
		clock.request();
		time.advance(50);
		clock.request();
		time.advance(49);
		expect(startedMs).toEqual([0]);
		time.advance(1);
		expect(startedMs).toEqual([0, 100]);
	});

	it("never draws twice at once, and does not catch up on skipped frames", async () => {
		const clock = clockOf();
		clock.request();
		for (let k = 0; k < 9; k++) {
			time.advance(50);
			clock.request();
		}
		expect(startedMs).toEqual([0]);
		await drawn();
		expect(startedMs).toEqual([0, 450]);
		await drawn();
		time.advance(1_000);
		expect(startedMs).toEqual([0, 450]);
	});

	it("draws nothing while hidden, and once when it is visible again", async () => {
		const clock = clockOf();
		hidden = true;
		for (let k = 0; k < 5; k++) {
			clock.request();
			time.advance(100);
		}
		expect(startedMs).toEqual([]);
		hidden = false;
		clock.visibilityChanged();
		expect(startedMs).toEqual([500]);
		await drawn();
		clock.visibilityChanged();
		time.advance(500);
		expect(startedMs).toEqual([500]);
	});

	it("continues after a draw that failed", async () => {
		fails = true;
		const clock = clockOf();
		clock.request();
		await drawn();
		expect(errors).toMatchObject([{ message: "no canvas" }]);
		fails = false;
		clock.request();
		time.advance(100);
		expect(startedMs).toEqual([0, 100]);
	});

	it("draws together what arrives close together, if gatherMs is set", () => {
		const clock = clockOf(30);
		clock.request();
		time.advance(10);
		clock.request();
		time.advance(19);
		expect(startedMs).toEqual([]);
		time.advance(1);
		expect(startedMs).toEqual([30]);
	});

	it("waits no longer than until the tick is complete", async () => {
		complete = false;
		const clock = clockOf(60);
		clock.request();
		time.advance(20);
		complete = true;
		clock.request();
		expect(startedMs).toEqual([20]);
		await drawn();
		// The interval still applies.
		time.advance(30);
		clock.request();
		expect(startedMs).toEqual([20]);
		time.advance(70);
		expect(startedMs).toEqual([20, 120]);
		expect(time.timers).toBe(0);
	});

	it("is silent once stopped", async () => {
		const clock = clockOf();
		clock.request();
		await drawn();
		clock.request();
		clock.stop();
		clock.request();
		time.advance(1_000);
		expect(startedMs).toEqual([0]);
		expect(time.timers).toBe(0);
	});
});
