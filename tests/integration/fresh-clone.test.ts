/**
 * What a new user does: `git clone`, `sh bootstrap.sh --local --detach`, without any of our
 * variables. All other tests choose free ports, a state folder and a target by settings. This one
 * uses the defaults: ports 3000, 8080, 8081, 8082 and 9092, and the state in the clone's
 * `.fireworks`.
 *
 * The clone has what is committed. HOME stays, so downloads of other clones are reused.
 */
import { execFile } from "node:child_process";
import { existsSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { tryPort } from "@fireworks/local-kafka";
import { afterAll, beforeAll, expect, test } from "vitest";
import { live } from "../browser/plot.ts";
import { complaintsOf, launchBrowser } from "../harness/browser.ts";
import { exclusive } from "../harness/exclusive.ts";
import type { CommandResult, PartStatus } from "../harness/system.ts";
import { WAIT_MAX_MS, waitForValue } from "../harness/wait-for.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const DEFAULT_PORTS = {
	kafka: 9_092,
	metronome: 8_081,
	processor: 8_082,
	middleware: 8_080,
	dashboard: 3_000,
};
/** Time to install packages, build everything and start it, on a busy machine. */
const UP_MAX_MS = 900_000;

/** Like `env -i HOME=… PATH=… TERM=…`. */
const { HOME, PATH } = process.env;
const environment = { HOME, PATH, TERM: "dumb" };

let clone: string;
let release: (() => void) | undefined;

const inClone = (file: string, ...args: string[]): Promise<CommandResult> =>
	new Promise((resolve) => {
		const options = { cwd: clone, env: environment, timeout: UP_MAX_MS };
		execFile(file, args, options, (error, stdout, stderr) => {
			const code =
				error === null ? 0 : typeof error.code === "number" ? error.code : -1;
			resolve({ code, stdout, stderr });
		});
	});

/** Runs `sh bootstrap.sh` with these arguments; it must succeed. */
async function bootstrap(...args: string[]): Promise<string> {
	const { code, stdout, stderr } = await inClone("sh", "bootstrap.sh", ...args);
	expect(code, `bootstrap.sh ${args.join(" ")}\n${stdout}${stderr}`).toBe(0);
	return stdout;
}

const parts = async (): Promise<PartStatus[]> =>
	JSON.parse(await bootstrap("status", "--json")).parts;

/** The default ports that are not available, each with the reason. */
async function takenPorts(): Promise<string[]> {
	const tried = await Promise.allSettled(
		Object.values(DEFAULT_PORTS).map((port) => tryPort(port)),
	);
	return tried.flatMap((one) =>
		one.status === "rejected" ? [String(one.reason)] : [],
	);
}

beforeAll(async () => {
	release = await exclusive("default-ports", UP_MAX_MS);
	await waitForValue(
		"the default ports to be free: this test runs on them; stop what listens there",
		takenPorts,
		(taken) => taken.length === 0,
	);
	clone = mkdtempSync(join(tmpdir(), "fireworks-fresh-"));
	const { code, stderr } = await inClone("git", "clone", "-q", ROOT, ".");
	expect(code, stderr).toBe(0);
}, UP_MAX_MS + WAIT_MAX_MS);

afterAll(async () => {
	if (clone !== undefined) {
		if (existsSync(join(clone, ".fireworks")))
			await inClone("sh", "bootstrap.sh", "down");
		rmSync(clone, { recursive: true, force: true });
	}
	release?.();
}, UP_MAX_MS);

test("git clone, bootstrap.sh --local --detach, the page, audit, down: all on the defaults, and nothing is left", {
	timeout: 2 * UP_MAX_MS,
}, async () => {
	expect(await bootstrap("--local", "--detach")).toContain(
		"http://localhost:3000",
	);

	const running = await parts();
	expect(running.map(({ name, state }) => [name, state])).toEqual(
		Object.keys(DEFAULT_PORTS).map((name) => [name, "running"]),
	);
	expect(
		running.map(({ name, ports }) => [name, Object.values(ports)[0]]),
	).toEqual(Object.entries(DEFAULT_PORTS));
	expect(existsSync(join(clone, ".fireworks/state.json"))).toBe(true);

	const browser = await launchBrowser();
	try {
		const page = await browser.newPage();
		const complaints = complaintsOf(page);
		await page.goto("http://localhost:3000");
		await live(page);
		expect(await page.locator("[data-device]").count()).toBe(5);
		expect(complaints).toEqual([]);
	} finally {
		await browser.close();
	}

	expect(JSON.parse(await bootstrap("audit", "--json"))).toMatchObject({
		result: "clean",
		findingsTotal: 0,
	});

	await bootstrap("down");
	for (const { pid } of running)
		expect(() => process.kill(pid as number, 0)).toThrow("ESRCH");
	expect(await takenPorts()).toEqual([]);
	// Git ignores everything that it wrote.
	expect((await inClone("git", "status", "--porcelain")).stdout).toBe("");
});
