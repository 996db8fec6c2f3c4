/**
 * `fireworks up` in the foreground, as a user runs it: it shows the parts, and Ctrl-C stops
 * everything.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, beforeEach, expect, test } from "vitest";
import { System } from "../harness/system.ts";
import { waitFor } from "../harness/wait-for.ts";

const COMMAND = fileURLToPath(
	new URL("../../apps/cli/dist/main.js", import.meta.url),
);
let system: System;
beforeEach(async () => {
	system = await System.create();
});
afterEach(() => system.remove());

/** Starts `up`, and collects what it prints. */
function up(...args: string[]) {
	const child = spawn(process.execPath, [COMMAND, "up", ...args], {
		env: { PATH: process.env.PATH, HOME: process.env.HOME, ...cache() },
		stdio: ["ignore", "pipe", "pipe"],
	});
	let printed = "";
	for (const stream of [child.stdout, child.stderr])
		stream?.on("data", (text) => {
			printed += text;
		});
	const ended = new Promise<number | null>((resolve) =>
		child.once("close", resolve),
	);
	return { child, ended, printed: () => printed };
}

const cache = () => ({
	...(process.env.FIREWORKS_CACHE_DIR
		? { FIREWORKS_CACHE_DIR: process.env.FIREWORKS_CACHE_DIR }
		: {}),
	...system.environment,
});

const prints = (
	{ child, printed }: { child: ChildProcess; printed(): string },
	text: string,
) =>
	waitFor(
		`up to print ${text}`,
		() => {
			if (child.exitCode !== null) throw new Error(printed());
			return printed().includes(text);
		},
		120_000,
	);

const isOver = (pid: number) => () => {
	try {
		process.kill(pid, 0);
		return false;
	} catch {
		return true;
	}
};

test("it prints each change; Ctrl-C stops the parts in order, with exit code 0", async () => {
	const run = up();
	await prints(run, `http://localhost:${system.ports.dashboard}  (Ctrl-C`);
	const pids = (await system.parts()).map((part) => part.pid as number);
	run.child.kill("SIGINT");
	expect(await run.ended, run.printed()).toBe(0);
	for (const pid of pids) expect(isOver(pid)()).toBe(true);
	const changes = run.printed().split("stopping, in order")[1] ?? "";
	const stopped = [...changes.matchAll(/(\w+): stopped/g)].map(([, p]) => p);
	expect(stopped).toEqual([
		...["dashboard", "middleware", "processor", "metronome", "kafka"],
	]);
});

test("Ctrl-C during the start stops what was started, with exit code 130", async () => {
	const run = up();
	await prints(run, "kafka: starting");
	run.child.kill("SIGINT");
	expect(await run.ended, run.printed()).toBe(130);
	const states = (await system.parts()).map((part) => part.state);
	expect(new Set(states)).toEqual(new Set(["stopped"]));
});

test("a start that fails: the part, its last lines, and exit code 1", async () => {
	const run = up("--timeout", "1");
	expect(await run.ended).toBe(1);
	expect(run.printed()).toContain(
		"The start failed, and everything was stopped again.",
	);
});

test("`down` from another terminal ends it with exit code 0; a killed supervisor ends it with 1", async () => {
	const first = up();
	await prints(first, "(Ctrl-C");
	expect((await system.command("down")).code).toBe(0);
	expect(await first.ended, first.printed()).toBe(0);

	const second = up();
	await prints(second, "(Ctrl-C");
	const state = readFileSync(join(system.stateDir, "state.json"), "utf8");
	process.kill(JSON.parse(state).supervisor.pid, "SIGKILL");
	expect(await second.ended).toBe(1);
	expect(second.printed()).toContain("was killed");
	await system.up();
	expect((await system.part("processor")).state).toBe("running");
});
