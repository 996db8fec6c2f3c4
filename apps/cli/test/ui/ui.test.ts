import { expect, test } from "vitest";
import type { PartRecord, SystemState } from "../../src/local/state/state.ts";
import { INITIAL } from "../../src/local/supervisor/part-state.ts";
import { showFinding } from "../../src/ui/findings.ts";
import { duration } from "../../src/ui/format.ts";
import { changeLine, LiveView } from "../../src/ui/live-view.ts";
import { headline, statusTable } from "../../src/ui/status-table.ts";
import { Steps } from "../../src/ui/steps.ts";

const part: PartRecord = {
	name: "metronome",
	state: "running",
	process: { pid: 42, startTime: "x" },
	restarts: 3,
	ports: { http: 8081 },
	lastError: "killed by SIGKILL",
	since: 1_000,
};

const SYSTEM: SystemState = {
	version: 1,
	target: "local",
	phase: "ready",
	problem: null,
	problemPart: null,
	page: "http://localhost:3000",
	startedAt: 0,
	supervisor: { pid: 1, startTime: "x" },
	settings: {},
	parts: [],
};

test.each([
	[0, "0.0 s"],
	[12_340, "12.3 s"],
	[200_000, "3 min 20 s"],
	[7_500_000, "2 h 5 min"],
	[273_600_000, "3 d 4 h"],
])("%i ms is %s", (ms, text) => expect(duration(ms)).toBe(text));

test("the table has a line a part, in columns, cut to the width", () => {
	const idle = {
		...part,
		name: "kafka",
		state: "stopped",
		process: null,
		lastError: null,
		since: 0,
	} as const;
	expect(statusTable([part, idle], 61_000, 100)).toEqual([
		"PART       STATE    PID  PORTS      RESTARTS  SINCE      LAST ERROR",
		"metronome  running  42   http 8081  3         1 min 0 s  killed by SIGKILL",
		"kafka      stopped  -    http 8081  3         -",
	]);
	for (const line of statusTable([part], 61_000, 20))
		expect(line.length).toBeLessThanOrEqual(20);
});

test("the headline names the page, or why there is none", () => {
	expect(headline(SYSTEM, 5_000)).toContain("http://localhost:3000");
	expect(
		headline({ ...SYSTEM, phase: "stopped", problem: "kafka: no Java" }, 0),
	).toContain("no Java");
});

test("a change is a line; an unexpected one says why", () => {
	const running = { ...INITIAL, name: "kafka", state: "running" } as const;
	const crashed = {
		...INITIAL,
		name: "kafka",
		state: "backoff",
		lastError: "exit code 1",
	} as const;
	expect(changeLine(running, crashed)).toBe("kafka: backoff: exit code 1");
	expect(
		changeLine(running, { ...running, process: { pid: 2, startTime: "y" } }),
	).toBeUndefined();
});

test("the live view draws the table on a terminal, and prints changes elsewhere", () => {
	const state = { ...SYSTEM, parts: [part] };
	for (const isTTY of [true, false]) {
		const written: string[] = [];
		const out = { isTTY, write: (text: string) => written.push(text) };
		const view = new LiveView(out, () => state);
		view.start();
		view.stop();
		expect(written).toHaveLength(1);
		expect(written[0]).toMatch(
			isTTY
				? /Fireworks is up.*metronome {2}running {2}42.*Ctrl-C stops/s
				: /^ +0\.0 s {2}metronome: running \(pid 42\)\n$/,
		);
	}
});

test("changes between two looks are printed in the order in which they happened", () => {
	const written: string[] = [];
	const parts = [
		{ ...part, since: 2 },
		{ ...part, name: "kafka" as const, since: 1 },
	];
	const view = new LiveView({ write: (text) => written.push(text) }, () => ({
		...SYSTEM,
		parts,
	}));
	view.stop();
	expect(written.map((line) => line.split("s  ")[1]?.split(":")[0])).toEqual([
		"kafka",
		"metronome",
	]);
});

test("a step ends with its mark, time and last progress, whether it works or not", async () => {
	const written: string[] = [];
	const steps = new Steps({ write: (text) => written.push(text) });
	expect(
		await steps.run("Jars", async (say) => {
			say("3 of 3");
			return 7;
		}),
	).toBe(7);
	await expect(
		steps.run("Disk", () => Promise.reject(new Error("full"))),
	).rejects.toThrow("full");
	expect(written[0]).toMatch(/^✓ Jars +0\.\d s {2}3 of 3\n$/);
	expect(written[1]).toMatch(/^✗ Disk +0\.\d s\n$/);
});

test("a finding shows its fix under it", () => {
	expect(
		showFinding({
			check: "java",
			level: "problem",
			message: "none",
			fix: "install",
		}),
	).toBe("✗ java: none\n    -> install");
});
