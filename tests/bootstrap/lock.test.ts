/**
 * The lock of a clone. bootstrap.sh waits only for another bootstrap.sh, and reports every other
 * reason at once.
 */
import { execFileSync } from "node:child_process";
import {
	chmodSync,
	mkdirSync,
	readdirSync,
	readFileSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { waitFor } from "../harness/wait-for.ts";
import { ended } from "./harness/clone.ts";
import { giveTo, STRANGER } from "./harness/fake-tools.ts";
import { useFakeClone } from "./harness/use-clone.ts";

const { tools, clone } = useFakeClone();

const lock = () => join(clone().root, ".fireworks", "bootstrap.lock");

/** Everything was created, and the run left nothing behind. */
function expectWhole(): void {
	for (const file of [
		"node_modules/packages",
		"apps/cli/dist/main.js",
		"apps/dashboard/.next/page",
	])
		expect(readFileSync(join(clone().root, file), "utf8"), file).toBe(
			"whole\n",
		);
	expect(readdirSync(join(clone().root, ".fireworks"))).toEqual([
		"target.json",
	]);
}

/** A lock as another program left it. */
function plantLock(facts: Readonly<Record<string, string>>): void {
	mkdirSync(lock(), { recursive: true });
	for (const [name, text] of Object.entries(facts))
		writeFileSync(join(lock(), name), `${text}\n`);
}

test("a .fireworks that belongs to root: one line with folder, reason and remedy", async () => {
	mkdirSync(join(clone().root, ".fireworks"));
	giveTo(STRANGER, clone(), clone().root, clone().home);
	const { code, stderr, stdout } = await tools().run(
		clone(),
		["verify-stream"],
		{
			uid: STRANGER,
		},
	);
	expect(code).toBe(1);
	expect(stdout).not.toContain("waiting");
	expect(stderr.trim().split("\n")).toHaveLength(1);
	expect(stderr).toContain(`${clone().root}/.fireworks cannot be written`);
	expect(stderr).toContain("no permission; it belongs to root");
	expect(stderr).toContain("sudo chown -R");
});

test("a .fireworks of one's own without the write bit: the same", async () => {
	const folder = join(clone().root, ".fireworks");
	mkdirSync(folder);
	chmodSync(folder, 0o555);
	giveTo(STRANGER, clone(), clone().root, clone().home, folder);
	const { code, stderr } = await tools().run(clone(), ["verify-stream"], {
		uid: STRANGER,
	});
	expect(code).toBe(1);
	expect(stderr).toMatch(/^\S+\.fireworks cannot be written: no permission/);
	expect(stderr).toContain("chmod u+w");
});

test.each([
	["No space left on device", "the disk is full", "df -i"],
	["Read-only file system", "the file system is read-only", "clone to"],
	["Disk quota exceeded", "the disk is full", "df -h"],
	["Not a directory", "Not a directory", "clone again elsewhere"],
])("mkdir says %s: reported at once", async (said, reason, remedy) => {
	mkdirSync(join(clone().root, ".fireworks"));
	tools().program(
		"mkdir",
		`case $* in *bootstrap.lock*) echo "mkdir: cannot create directory: ${said}" >&2; exit 1 ;; esac\nexec /bin/mkdir "$@"`,
	);
	const { code, stderr } = await tools().run(clone(), ["verify-stream"]);
	expect(code).toBe(1);
	expect(stderr).toContain(`.fireworks cannot be written: ${reason}`);
	expect(stderr).toContain(remedy);
});

test("root in a clone of another user leaves a .fireworks that this user can write to", async () => {
	giveTo(STRANGER, clone(), clone().root);
	const { code, stderr } = await tools().run(clone(), ["verify-stream"]);
	expect(code, stderr).toBe(0);
	expect(statSync(join(clone().root, ".fireworks")).uid).toBe(STRANGER);
});

test("a running bootstrap.sh is waited for, and named", async () => {
	tools().hangAt("install");
	const first = tools().start(clone(), ["--local"]);
	await waitFor("a step that hangs", () => tools().hanging().length > 0);
	tools().hangAt(undefined);
	const second = tools().start(clone(), ["--local"]);
	let said = "";
	second.stdout?.on("data", (chunk) => {
		said += chunk;
	});
	await waitFor("the second to wait", () =>
		said.includes(`another bootstrap.sh in this clone (pid ${first.pid})`),
	);
	for (const pid of tools().hanging()) process.kill(pid);
	const [one, two] = await Promise.all([ended(first), ended(second)]);
	expect(one.code).toBe(1);
	expect(two.code, two.stderr).toBe(0);
	expectWhole();
});

test.each([
	["a process that is gone", { pid: "999999999", where: hostname() }],
	[
		"an earlier process with a pid that is in use again",
		{ pid: String(process.pid), token: `${process.pid}/1`, where: hostname() },
	],
	["no process, by a run that was killed while it took it", {}],
])("a lock of %s is taken over", async (_, facts) => {
	plantLock(facts as Record<string, string>);
	const { code, stderr } = await tools().run(clone(), ["--local"]);
	expect(code, stderr).toBe(0);
	expectWhole();
});

test("a lock of a container that writes to it no more is taken over", async () => {
	plantLock({ pid: "1", where: "another-machine" });
	execFileSync("touch", ["-d", "5 minutes ago", join(lock(), "pid")]);
	const { code, stderr } = await tools().run(clone(), ["--local"]);
	expect(code, stderr).toBe(0);
	expectWhole();
});
