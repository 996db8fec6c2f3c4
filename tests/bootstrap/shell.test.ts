/**
 * `sh bootstrap.sh shell`: the right Node, pnpm and `fireworks`, on a machine with an old Node and
 * another pnpm.
 */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { useFakeClone } from "./harness/use-clone.ts";

const { tools, clone } = useFakeClone();
const env = { FAKE_NODE_VERSION: "20.1.0", FAKE_PNPM_VERSION: "9.0.0" };
const VERSIONS =
	"node --version; for tool in node pnpm fireworks; do command -v $tool; done";

test("a command after --, with its own options", async () => {
	const { code, stdout, stderr } = await tools().run(
		clone(),
		["shell", "--", "sh", "-c", `${VERSIONS}; echo "$@"`, "sh", "--help"],
		{ env },
	);
	expect(code, stderr).toBe(0);
	// Progress goes to standard error: a program may read the output of the command.
	const cache = join(clone().home, ".cache/fireworks");
	expect(stdout.trim().split("\n")).toEqual([
		"v24.21.0",
		join(cache, "node-24.21.0/bin/node"),
		join(cache, "pnpm-10.34.9/node_modules/.bin/pnpm"),
		join(clone().root, "scripts/bin/fireworks"),
		"--help",
	]);
	// Packages are installed, but nothing is built: the sources may not compile.
	expect(tools().takeSteps()).toEqual(["fetch-node", "fetch-pnpm", "install"]);
	expect(existsSync(join(clone().root, ".fireworks/bootstrap.lock"))).toBe(
		false,
	);
});

test("the exit code of the command is that of bootstrap.sh", async () => {
	const args = ["shell", "--local", "--", "sh", "-c", "exit 7"];
	expect((await tools().run(clone(), args, { env })).code).toBe(7);
});

test("without a terminal it runs the commands of standard input, and says so", async () => {
	const { code, stdout, stderr } = await tools().run(clone(), ["shell"], {
		env,
		input: `${VERSIONS}\nexit 3\n`,
	});
	expect(code, stderr).toBe(3);
	expect(stdout).toContain("v24.21.0\n");
	expect(stderr).toContain("There is no terminal");
	expect(stderr).toContain("sh bootstrap.sh shell -- COMMAND");
});

test("`fireworks` before a build says what to do, and runs the CLI after it", async () => {
	const run = () =>
		tools().run(clone(), ["shell", "--", "fireworks", "status"], { env });
	const before = await run();
	expect(before.code).toBe(1);
	expect(before.stderr).toContain("sh bootstrap.sh prepare");
	await tools().run(clone(), ["prepare"], { env });
	const after = await run();
	expect(after.code, after.stderr).toBe(0);
	expect(after.stdout).toContain("fireworks status");
});

test("--help lists the commands, and opens nothing", async () => {
	const { code, stdout } = await tools().run(clone(), ["shell", "--help"]);
	expect(code).toBe(0);
	expect(stdout).toContain("shell          open a shell");
	expect(tools().takeSteps()).toEqual([]);
});
