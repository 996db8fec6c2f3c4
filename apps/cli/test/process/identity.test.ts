import { spawn } from "node:child_process";
import { once } from "node:events";
import { expect, test } from "vitest";
import { identify, isAlive, parseStat } from "../../src/process/identity.ts";

test("a name with blanks and brackets does not confuse the fields", () => {
	const rest = Array.from({ length: 30 }, (_, i) => i + 3);
	const stat = `7 (a ) (b) S ${rest.slice(1).join(" ")}`;
	expect(parseStat(stat)).toEqual({
		state: "S",
		parent: 4,
		startTicks: "22",
	});
	expect(parseStat("")).toBeUndefined();
});

test("a process is identified while it runs, and not after its end", async () => {
	const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1e6)"]);
	const known = identify(child.pid ?? 0);
	if (!known) throw new Error("not there");
	expect(isAlive(known)).toBe(true);
	expect(isAlive({ ...known, startTime: "another" })).toBe(false);
	child.kill("SIGKILL");
	await once(child, "exit");
	expect(isAlive(known)).toBe(false);
	expect(identify(2 ** 22 + 1)).toBeUndefined();
});
