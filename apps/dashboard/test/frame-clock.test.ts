import { beforeEach, describe, expect, it } from "vitest";
import { FakeClock } from "../../../packages/client/test/fakes.ts";
import { FrameClock } from "../src/chart/frame-clock.ts";

let time: FakeClock;
let begunMs: number[];
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
			begunMs.push(time.nowMs - start);
			if (fails) return Promise.reject(new Error("no canvas"));
			return new Promise((resolve) => finish.push(resolve));
		},
		hidden: () => hidden,
		nowMs: time.monotonicMs,
		after: time.after,
		onError: (error) => errors.push(error),
	});
let start: number;
/** The draw that is under way ends. */
const drawn = async () => {
	finish.shift()?.();
	await new Promise((resolve) => setImmediate(resolve));
};

beforeEach(() => {
	time = new FakeClock();
	start = time.nowMs;
	begunMs = [];
	finish = [];
	errors = [];
	hidden = false;
	complete = false;
	fails = false;
});

describe("the frame clock", () => {
	it("draws at once after a quiet spell", () => {
		clockOf().request();
		expect(begunMs).toEqual([0]);
	});

	it("begins draws no closer than the interval", async () => {
		const clock = clockOf();
		clock.request();
		await drawn();
		clock.request();
		time.advance(50);
		clock.request();
		time.advance(49);
		expect(begunMs).toEqual([0]);
		time.advance(1);
		expect(begunMs).toEqual([0, 100]);
	});

	it("never draws twice at once, and does not catch up frames that were left out", async () => {
		const clock = clockOf();
		clock.request();
		for (let k = 0; k < 9; k++) {
			time.advance(50);
			clock.request();
		}
		expect(begunMs).toEqual([0]);
		await drawn();
		expect(begunMs).toEqual([0, 450]);
		await drawn();
		time.advance(1_000);
		expect(begunMs).toEqual([0, 450]);
	});

	it("draws nothing while hidden, and once when it is seen again", async () => {
		const clock = clockOf();
		hidden = true;
		for (let k = 0; k < 5; k++) {
			clock.request();
			time.advance(100);
		}
		expect(begunMs).toEqual([]);
		hidden = false;
		clock.visibilityChanged();
		expect(begunMs).toEqual([500]);
		await drawn();
		clock.visibilityChanged();
		time.advance(500);
		expect(begunMs).toEqual([500]);
	});

	it("goes on after a draw that failed", async () => {
		fails = true;
		const clock = clockOf();
		clock.request();
		await drawn();
		expect(errors).toMatchObject([{ message: "no canvas" }]);
		fails = false;
		clock.request();
		time.advance(100);
		expect(begunMs).toEqual([0, 100]);
	});

	it("gathers what comes close together, where asked to", () => {
		const clock = clockOf(30);
		clock.request();
		time.advance(10);
		clock.request();
		time.advance(19);
		expect(begunMs).toEqual([]);
		time.advance(1);
		expect(begunMs).toEqual([30]);
	});

	it("gathers no longer than until all is there", async () => {
		complete = false;
		const clock = clockOf(60);
		clock.request();
		time.advance(20);
		complete = true;
		clock.request();
		expect(begunMs).toEqual([20]);
		await drawn();
		// The interval holds all the same.
		time.advance(30);
		clock.request();
		expect(begunMs).toEqual([20]);
		time.advance(70);
		expect(begunMs).toEqual([20, 120]);
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
		expect(begunMs).toEqual([0]);
		expect(time.timers).toBe(0);
	});
});
