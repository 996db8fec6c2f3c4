import { describe, expect, test } from "vitest";
import {
	BACK_OFF,
	backOffMs,
	INITIAL,
	nextStatus,
	type PartEvent,
	type PartStateName,
	type PartStatus,
} from "../../../src/local/supervisor/part-state.ts";

const EVENTS = {
	started: { type: "started" },
	ready: { type: "ready" },
	"ended as requested": {
		type: "ended",
		code: 0,
		reason: "exit code 0",
		requested: true,
	},
	fenced: { type: "ended", code: 75, reason: "exit code 75", requested: false },
	misconfigured: {
		type: "ended",
		code: 78,
		reason: "exit code 78",
		requested: false,
	},
	crashed: {
		type: "ended",
		code: null,
		reason: "killed by SIGKILL",
		requested: false,
	},
	"ended by itself": {
		type: "ended",
		code: 0,
		reason: "exit code 0",
		requested: false,
	},
	finished: { type: "finished" },
	stopped: { type: "stopped" },
} as const satisfies Record<string, PartEvent>;

/** The complete table of part-state.ts: state x event -> state. */
const ended = {
	fenced: "failed",
	misconfigured: "failed",
	crashed: "backoff",
	"ended by itself": "backoff",
	"ended as requested": "stopped",
	finished: "stopped",
} as const;
const same = (state: PartStateName) => ({
	fenced: state,
	misconfigured: state,
	crashed: state,
	"ended by itself": state,
	"ended as requested": state,
	finished: state,
});
const TABLE: Record<
	PartStateName,
	Record<keyof typeof EVENTS, PartStateName>
> = {
	stopped: {
		started: "starting",
		ready: "stopped",
		...same("stopped"),
		stopped: "stopped",
	},
	starting: {
		started: "starting",
		ready: "running",
		...ended,
		stopped: "starting",
	},
	running: {
		started: "running",
		ready: "running",
		...ended,
		stopped: "running",
	},
	backoff: {
		started: "starting",
		ready: "backoff",
		...same("backoff"),
		stopped: "stopped",
	},
	failed: {
		started: "starting",
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

test("restarts count starts after the first; the delay grows", () => {
	const { started, crashed } = EVENTS;
	const status = run([
		[started, 0],
		[crashed, 1],
		[started, 2],
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
	const { started, ready, crashed } = EVENTS;
	const twice: [PartEvent, number][] = [
		[started, 0],
		[crashed, 1],
		[started, 2],
		[ready, 10],
	];
	const at = (time: number) => run([...twice, [crashed, time]]).delayMs;
	expect(at(10 + BACK_OFF.resetAfterMs - 1)).toBe(400);
	expect(at(10 + BACK_OFF.resetAfterMs)).toBe(200);
});

test("finished: no process, no error, until it is started again; stopping it changes nothing", () => {
	const { started, crashed, finished, stopped } = EVENTS;
	const status = run([
		[started, 0],
		[crashed, 1],
		[started, 2],
		[finished, 3],
		[stopped, 4],
	]);
	expect(status).toMatchObject({
		state: "stopped",
		finished: true,
		failures: 0,
		lastError: null,
	});
	expect(nextStatus(status, started, 5).finished).toBe(false);
});

test("a process is known while it runs only", () => {
	const spawned = {
		type: "spawned",
		process: { pid: 7, startTime: "x" },
	} as const;
	const alive = run([
		[EVENTS.started, 0],
		[spawned, 1],
	]);
	expect(alive.process?.pid).toBe(7);
	expect(nextStatus(alive, EVENTS.crashed, 2).process).toBeNull();
});

test("the first restart is fast, the later ones double up to a bound", () => {
	expect([1, 2, 3, 4, 5, 6, 7, 50].map(backOffMs)).toEqual([
		200, 400, 800, 1_600, 3_200, 6_400, 10_000, 10_000,
	]);
	expect(backOffMs(10_000)).toBe(BACK_OFF.maxMs);
});
