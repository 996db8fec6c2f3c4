/**
 * Runs the README's commands as they are written. Commands that depend on each other are one test.
 * Those of "Your own stream" write into the clone: tests/browser/newcomer.test.ts runs them in a
 * clone of its own.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect, onTestFinished, test } from "vitest";
import { run, System } from "../harness/system.ts";
import { waitFor } from "../harness/wait-for.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const README = readFileSync(`${ROOT}/README.md`, "utf8");

/** Lines of the sh blocks that call bootstrap.sh, without their comments. */
const commands = [...README.matchAll(/^```sh\n(.*?)^```/gms)]
	.flatMap(([, block]) => (block ?? "").split("\n"))
	.map((line) => line.replace(/\s+#.*$/, "").trim())
	.filter((line) => /(^|\s)sh bootstrap\.sh/.test(line));

/** As in tests/browser/newcomer.test.ts. */
const OWN_STREAM = /bootstrap\.sh (new|dev|ingest) /;
const isForeground = (command: string) => command.endsWith("sh bootstrap.sh");

test("the README has the commands that the mission names", () => {
	expect(commands).toContain("sh bootstrap.sh");
	expect(commands).toContain("sh bootstrap.sh test");
	for (const word of [
		"--detach",
		"status",
		"audit",
		"logs",
		"doctor",
		"down",
	]) {
		expect(
			commands.some((command) => command.includes(`bootstrap.sh ${word}`)),
			word,
		).toBe(true);
	}
});

test.each(commands.filter(isForeground))(
	"%s: the page is there, and Ctrl-C leaves nothing",
	async (command) => {
		const system = await System.create();
		onTestFinished(() => system.remove());
		const child = spawn("sh", ["-c", `exec env ${command}`], {
			cwd: ROOT,
			env: { ...process.env, ...system.environment },
			stdio: ["ignore", "pipe", "pipe"],
			detached: true,
		});
		let output = "";
		for (const stream of [child.stdout, child.stderr])
			stream.on("data", (chunk) => (output += chunk));
		const ended = once(child, "exit");
		// Signals the whole foreground process group, as a terminal does.
		const interrupt = () => process.kill(-(child.pid as number), "SIGINT");
		onTestFinished(async () => {
			if (child.exitCode === null && child.signalCode === null) interrupt();
			await ended;
		});
		const address = await waitFor(
			"the page's address",
			() => {
				if (child.exitCode !== null)
					throw new Error(`it ended with ${child.exitCode}: ${output}`);
				return /(http:\/\/localhost:\d+)/.exec(output)?.[1];
			},
			200_000,
		);
		expect((await fetch(address)).status).toBe(200);
		const pids = (await system.parts()).map((part) => part.pid as number);
		expect(pids.length).toBe(5);
		interrupt();
		await ended;
		for (const pid of pids) expect(() => process.kill(pid, 0)).toThrow("ESRCH");
	},
);

test("the other commands, one after the other, on one system", async () => {
	const system = await System.create();
	system.watch();
	try {
		const others = commands.filter(
			(command) =>
				!isForeground(command) &&
				!OWN_STREAM.test(command) &&
				!command.endsWith(" test"),
		);
		expect(others.length).toBeGreaterThan(4);
		for (const command of others) {
			const { code, stdout, stderr } = await run(
				"sh",
				["-c", `cd '${ROOT}' && ${command}`],
				system.environment,
			);
			expect(code, `${command}\n${stdout}${stderr}`).toBe(0);
		}
	} finally {
		await system.remove();
	}
});
