/**
 * kill -9 of bootstrap.sh at every step: the processes that it had started end, and the next run
 * completes everything.
 */
import { execFileSync } from "node:child_process";
import { existsSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { waitFor } from "../harness/wait-for.ts";
import { ended } from "./harness/clone.ts";
import { STEPS } from "./harness/fake-tools.ts";
import { useFakeClone } from "./harness/use-clone.ts";

const { tools, clone } = useFakeClone();

/** An old Node and another pnpm in PATH: both are downloaded. */
const env = { FAKE_NODE_VERSION: "20.1.0", FAKE_PNPM_VERSION: "9.0.0" };
const cache = () => join(clone().home, ".cache", "fireworks");
function expectWhole(): void {
	for (const file of [
		join(clone().root, "node_modules/packages"),
		join(clone().root, "apps/cli/dist/main.js"),
		join(clone().root, "apps/dashboard/.next/page"),
	])
		expect(readFileSync(file, "utf8"), file).toBe("whole\n");
	expect(readdirSync(join(clone().root, ".fireworks"))).toEqual([
		"target.json",
	]);
	expect(existsSync(join(cache(), "node-24.21.0/bin/node"))).toBe(true);
	expect(existsSync(join(cache(), "pnpm-10.34.9/half-made"))).toBe(false);
}

test.each(STEPS)("killed in %s", async (step) => {
	tools().hangAt(step);
	const first = tools().start(clone(), ["--local"], { env });
	const end = ended(first);
	await waitFor("the step to hang", () => tools().hanging().length > 0);
	const [left = 0] = tools().hanging();
	first.kill("SIGKILL");
	await end;
	tools().hangAt(undefined);
	tools().takeSteps();

	const { code, stderr, stdout } = await tools().run(clone(), ["--local"], {
		env,
	});
	expect(code, stderr).toBe(0);
	expect(stdout).toContain("fireworks up --local");
	expect(tools().takeSteps()).toContain(step);
	expectWhole();
	await waitFor(
		"what was left of the first run to end",
		() => !tools().hangs(left),
	);
	expect(tools().hanging()).toEqual([left]);
});

test("a run that is not repeated leaves no program behind", async () => {
	tools().hangAt("install");
	const run = tools().start(clone(), ["--local"], { env });
	const end = ended(run);
	await waitFor("the step to hang", () => tools().hanging().length > 0);
	const [left = 0] = tools().hanging();
	run.kill("SIGKILL");
	await waitFor("the hanging program to end", () => !tools().hangs(left));
	// Its output is closed too, so its reader does not wait.
	await end;
});

test.each(["SIGINT", "SIGTERM", "SIGHUP"] as const)(
	"%s ends the step at once, and gives the lock back",
	async (signal) => {
		tools().hangAt("build");
		const run = tools().start(clone(), ["--local"], { env });
		const end = ended(run);
		await waitFor("the step to hang", () => tools().hanging().length > 0);
		const [left = 0] = tools().hanging();
		run.kill(signal);
		const { code } = await end;
		expect(code).toBe({ SIGINT: 130, SIGTERM: 143, SIGHUP: 129 }[signal]);
		expect(tools().hangs(left)).toBe(false);
		expect(existsSync(join(clone().root, ".fireworks/bootstrap.lock"))).toBe(
			false,
		);
	},
);

test("half-made downloads of long ago are swept from the cache", async () => {
	const old = join(cache(), "node-24.21.0.77.part");
	const young = join(cache(), "pnpm-10.34.9.78.part");
	execFileSync("mkdir", ["-p", old, young]);
	execFileSync("touch", ["-d", "2 hours ago", old]);
	const { code, stderr } = await tools().run(clone(), ["verify-stream"], {
		env,
	});
	expect(code, stderr).toBe(0);
	expect(existsSync(old)).toBe(false);
	expect(existsSync(young)).toBe(true);
	rmSync(young, { recursive: true });
});
