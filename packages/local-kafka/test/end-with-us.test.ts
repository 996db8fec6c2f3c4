import { spawn } from "node:child_process";
import { once } from "node:events";
import { createInterface } from "node:readline";
import { setTimeout as sleep } from "node:timers/promises";
import { expect, test } from "vitest";

const OWNER = `
	import { spawn } from "node:child_process";
	import { endWithUs } from ${JSON.stringify(new URL("../src/end-with-us.ts", import.meta.url).href)};
	const child = spawn("sleep", [process.argv[1]]);
	endWithUs(child);
	console.log(child.pid);
	child.once("exit", () => console.log("ended"));
	setInterval(() => {}, 1_000);
`;

const alive = (pid: number): boolean => {
	try {
		process.kill(pid, 0);
		return true;
	} catch {
		return false;
	}
};

function owner(childSeconds: number) {
	const process_ = spawn(
		process.execPath,
		["--input-type=module", "--eval", OWNER, String(childSeconds)],
		{ stdio: ["ignore", "pipe", "inherit"] },
	);
	const lines = createInterface({ input: process_.stdout })[
		Symbol.asyncIterator
	]();
	const line = async () => (await lines.next()).value as string;
	return { process: process_, line };
}

test("a process whose owner is killed ends with it", async () => {
	const { process: killed, line } = owner(60);
	const pid = Number(await line());
	expect(alive(pid)).toBe(true);
	killed.kill("SIGKILL");
	await once(killed, "exit");
	const deadline = Date.now() + 50_000;
	while (alive(pid) && Date.now() < deadline) await sleep(10);
	expect(alive(pid)).toBe(false);
});

test("one that has ended by itself lets its owner go on", async () => {
	const { process: goesOn, line } = owner(0);
	await line();
	expect(await line()).toBe("ended");
	expect(goesOn.exitCode).toBeNull();
	goesOn.kill("SIGKILL");
	await once(goesOn, "exit");
});
