/** The Python engine's own checks: its unit tests (the same vectors), types, lints and format. */
import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { pythonInterpreter, ROOT } from "@fireworks/programs";
import { beforeAll, expect, test } from "vitest";

let interpreter: string;
beforeAll(async () => {
	interpreter = await pythonInterpreter(process.env.FIREWORKS_CACHE_DIR, true);
});

const check = async (...args: string[]): Promise<string> => {
	try {
		const { stdout } = await promisify(execFile)(interpreter, ["-m", ...args], {
			cwd: join(ROOT, "engines/python"),
			env: { PATH: process.env.PATH },
		});
		return stdout;
	} catch (error) {
		const { stdout, stderr } = error as { stdout: string; stderr: string };
		throw new Error(`${args.join(" ")}\n${stdout}${stderr}`);
	}
};

test("pytest", async () => {
	expect(await check("pytest")).toMatch(/\d+ passed/);
});

test("mypy --strict", async () => {
	expect(await check("mypy")).toContain("no issues found");
});

test.for([["check"], ["format", "--check"]])("ruff %s", async (args) => {
	await check("ruff", ...args, "--no-cache");
});
