import { expect, test } from "vitest";
import { FakeClock } from "../src/fake-clock.ts";
import {
	aborted,
	delay,
	systemClock,
	unlessAborted,
	within,
} from "../src/index.ts";

/** What the promise has come to by now. */
async function stateOf(promise: Promise<unknown>): Promise<string> {
	let state = "pending";
	promise.then(
		() => {
			state = "resolved";
		},
		(error) => {
			state = `rejected: ${error.message}`;
		},
	);
	for (let i = 0; i < 20; i++) await Promise.resolve();
	return state;
}

test("delay: after its time, and no earlier", async () => {
	const clock = new FakeClock();
	const waiting = delay(clock, 100);
	clock.advance(99);
	expect(await stateOf(waiting)).toBe("pending");
	clock.advance(1);
	expect(await stateOf(waiting)).toBe("resolved");
});

test("delay: at once when the signal is aborted, before or meanwhile, and no timer is left", async () => {
	const clock = new FakeClock();
	const stop = new AbortController();
	const waiting = delay(clock, 100, stop.signal);
	expect(clock.timers).toBe(1);
	stop.abort();
	await waiting;
	await delay(clock, 100, stop.signal);
	expect(clock.timers).toBe(0);
});

test("aborted: with the signal, also one that is aborted already", async () => {
	const stop = new AbortController();
	const waiting = aborted(stop.signal);
	expect(await stateOf(waiting)).toBe("pending");
	stop.abort();
	expect(await stateOf(waiting)).toBe("resolved");
	expect(await stateOf(aborted(stop.signal))).toBe("resolved");
});

test("within: with the promise, whatever becomes of it, or after the time", async () => {
	const clock = new FakeClock();
	expect(await stateOf(within(Promise.resolve(), 100, clock))).toBe("resolved");
	const failed = Promise.reject(new Error("failed"));
	expect(await stateOf(within(failed, 100, clock))).toBe("resolved");
	expect(clock.timers).toBe(0);
	const forever = within(new Promise(() => {}), 100, clock);
	clock.advance(99);
	expect(await stateOf(forever)).toBe("pending");
	clock.advance(1);
	expect(await stateOf(forever)).toBe("resolved");
});

test("unlessAborted: like the promise, while the signal is not aborted", async () => {
	const clock = new FakeClock();
	const { signal } = new AbortController();
	expect(await unlessAborted(Promise.resolve(7), signal, clock)).toBe(7);
	const failed = Promise.reject(new Error("failed"));
	await expect(unlessAborted(failed, signal, clock)).rejects.toThrow("failed");
});

test("unlessAborted: rejects with the signal's reason, after the grace time", async () => {
	const clock = new FakeClock();
	const stop = new AbortController();
	const forever = new Promise<void>(() => {});
	const now = unlessAborted(forever, stop.signal, clock);
	const later = unlessAborted(forever, stop.signal, clock, 100);
	stop.abort(new Error("stopped"));
	expect(await stateOf(now)).toBe("rejected: stopped");
	expect(await stateOf(later)).toBe("pending");
	clock.advance(100);
	expect(await stateOf(later)).toBe("rejected: stopped");
	await expect(unlessAborted(forever, stop.signal, clock)).rejects.toThrow(
		"stopped",
	);
});

test("unlessAborted: a promise that settles within the grace time wins, and no timer is left", async () => {
	const clock = new FakeClock();
	const stop = new AbortController();
	const work = Promise.withResolvers<number>();
	const waiting = unlessAborted(work.promise, stop.signal, clock, 100);
	stop.abort(new Error("stopped"));
	expect(clock.timers).toBe(1);
	work.resolve(7);
	expect(await waiting).toBe(7);
	expect(clock.timers).toBe(0);
});

test("the machine's clock: soon comes before a timer, and a cancelled timer never", async () => {
	const order: string[] = [];
	await new Promise<void>((resolve) => {
		const cancel = systemClock.after(1, () => order.push("cancelled"));
		systemClock.after(20, () => {
			order.push("timer");
			resolve();
		});
		systemClock.soon(() => order.push("soon"));
		cancel();
	});
	expect(order).toEqual(["soon", "timer"]);
	expect(Math.abs(systemClock.wallMs() - Date.now())).toBeLessThan(1_000);
});
