/**
 * A test run may be cut off at any moment (a time limit, Ctrl-C, kill -9). The processes that it
 * started must not survive it.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { expect, onTestFinished, test } from "vitest";
import { waitForValue } from "../harness/wait-for.ts";

const SYSTEM = new URL("../harness/system.ts", import.meta.url).href;

const isAlive = (pid: number): boolean => {
	try {
		return process.kill(pid, 0);
	} catch {
		return false;
	}
};

test("the system of a test process that is killed goes down by itself", async () => {
	const owner = spawn(
		process.execPath,
		[
			...["--input-type=module", "--eval"],
			`import { System } from ${JSON.stringify(SYSTEM)};
			const system = await System.create();
			await system.up();
			console.log(JSON.stringify((await system.parts()).map(({ pid }) => pid)));
			setInterval(() => {}, 1_000_000);`,
		],
		{ stdio: ["ignore", "pipe", "inherit"] },
	);
	const lines = createInterface({ input: owner.stdout });
	onTestFinished(() => {
		owner.kill("SIGKILL");
	});
	const ended = once(owner, "exit");
	const [line] = await Promise.race([once(lines, "line"), ended]);
	const pids: number[] = JSON.parse(String(line));
	expect(pids).toHaveLength(5);
	expect(pids.filter(isAlive)).toEqual(pids);
	owner.kill("SIGKILL");
	await ended;
	await waitForValue(
		"the system to be down",
		() => pids.filter(isAlive),
		(left) => left.length === 0,
	);
});
