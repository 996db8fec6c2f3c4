import { describe, expect, test } from "vitest";
import { BACK_OFF } from "../../src/supervisor/back-off.ts";
import {
	INITIAL,
	nextStatus,
	type PartEvent,
	type PartStateName,
	type PartStatus,
} from "../../src/supervisor/part-state.ts";

const EVENTS = {
	launched: { type: "launched" },
	ready: { type: "ready" },
	"ended as asked": {
		type: "ended",
		code: 0,
		reason: "exit code 0",
		asked: true,
	},
	fenced: { type: "ended", code: 75, reason: "exit code 75", asked: false },
	misconfigured: {
		type: "ended",
		code: 78,
		reason: "exit code 78",
		asked: false,
	},
	crashed: {
		type: "ended",
		code: null,
		reason: "killed by SIGKILL",
		asked: false,
	},
	"ended by itself": {
		type: "ended",
		code: 0,
		reason: "exit code 0",
		asked: false,
	},
	stopped: { type: "stopped" },
} as const satisfies Record<string, PartEvent>;

/** The total table of part-state.ts: state x event -> state. */
const ended = {
	fenced: "failed",
	misconfigured: "failed",
	crashed: "backoff",
	"ended by itself": "backoff",
	"ended as asked": "stopped",
} as const;
const same = (state: PartStateName) => ({
	fenced: state,
	misconfigured: state,
	crashed: state,
	"ended by itself": state,
	"ended as asked": state,
});
const TABLE: Record<
	PartStateName,
	Record<keyof typeof EVENTS, PartStateName>
> = {
	stopped: {
		launched: "starting",
		ready: "stopped",
		...same("stopped"),
		stopped: "stopped",
	},
	starting: {
		launched: "starting",
		ready: "running",
		...ended,
		stopped: "starting",
	},
	running: {
		launched: "running",
		ready: "running",
		...ended,
		stopped: "running",
	},
	backoff: {
		launched: "starting",
		ready: "backoff",
		...same("backoff"),
		stopped: "stopped",
	},
	failed: {
		launched: "starting",
		ready: "failed",
		...same("failed"),
		stopped: "stopped",
	},
};

describe.each(Object.entries(TABLE))("%s", (state, row) => {
	test.each(Object.entries(row))("%s -> %s", (event, next) => {
		const status: PartStatus = { ...INITIAL, state: state as PartStateName };
		expect(
			nextStatus(status, EVENTS[event as keyof typeof EVENTS], 1).state,
		).toBe(next);
	});
});

const run = (events: [PartEvent, number][]) =>
	events.reduce(
		(status, [event, at]) => nextStatus(status, event, at),
		INITIAL,
	);

test("restarts count launches after the first; the delay grows", () => {
	const { launched, crashed } = EVENTS;
	const status = run([
		[launched, 0],
		[crashed, 1],
		[launched, 2],
		[crashed, 3],
	]);
	expect(status).toMatchObject({
		state: "backoff",
		restarts: 1,
		failures: 2,
		delayMs: 400,
		lastError: "killed by SIGKILL",
	});
});

test("a part that ran for long enough starts over with the short delay", () => {
	const { launched, ready, crashed } = EVENTS;
	const twice: [PartEvent, number][] = [
		[launched, 0],
		[crashed, 1],
		[launched, 2],
		[ready, 10],
	];
	const at = (time: number) => run([...twice, [crashed, time]]).delayMs;
	expect(at(10 + BACK_OFF.resetAfterMs - 1)).toBe(400);
	expect(at(10 + BACK_OFF.resetAfterMs)).toBe(200);
});

test("a process is known while it runs only", () => {
	const spawned = {
		type: "spawned",
		process: { pid: 7, startTime: "x" },
	} as const;
	const alive = run([
		[EVENTS.launched, 0],
		[spawned, 1],
	]);
	expect(alive.process?.pid).toBe(7);
	expect(nextStatus(alive, EVENTS.crashed, 2).process).toBeNull();
});
