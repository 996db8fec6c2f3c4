/**
 * README's first command as a user types it: none of our variables, a real Docker. If the tools'
 * sites are unreachable, the first download must be the first failure. Otherwise the devcontainer
 * is built.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ended, run } from "./harness/command.ts";
import { ClusterSite } from "./harness/site.ts";

const FIRST = "https://download.docker.com/";
let site: ClusterSite;
let home: string;

beforeAll(async () => {
	site = await ClusterSite.clone("fw-plain");
	home = mkdtempSync(join(tmpdir(), "fireworks-home-"));
});
afterAll(async () => {
	await site?.remove();
	rmSync(home, { recursive: true, force: true });
});

/** `env -i HOME PATH TERM sh bootstrap.sh ...` */
const plain = (...words: string[]): Promise<Ended> =>
	run("sh", ["bootstrap.sh", ...words], {
		cwd: site.folder,
		env: { HOME: home, PATH: process.env.PATH, TERM: "dumb" },
		timeoutMs: 580_000,
	});

const reachable = (): Promise<boolean> =>
	fetch(FIRST, { signal: AbortSignal.timeout(10_000) }).then(
		() => true,
		() => false,
	);

test("nothing set: the tools' download is the first thing that can fail, and it says so", async () => {
	const online = await reachable();
	// If the download works, run only `prepare`: a cluster of the default name belongs to the user.
	const { code, output } = await plain(
		...(online ? ["prepare"] : ["--detach"]),
	);
	if (online) {
		expect(code, output).toBe(0);
		return;
	}
	expect(code, output).toBe(1);
	const end = output.trim().split("\n").slice(-3).join("\n");
	expect(end).toContain(`DOCKER_CLI cannot be downloaded from ${FIRST}`);
	expect(end).toContain("What to do");
	expect(end).toContain("FIREWORKS_DOCKER_CLI_URL=");
	// Everything before the download worked: only the build step failed, and in the build only the
	// download.
	expect(output.match(/^✗ .*/gm)).toEqual([
		expect.stringContaining("Building the devcontainer"),
	]);
	expect(output).not.toMatch(/invalid|empty key|E: /);
});
