/**
 * What prevents bootstrap.sh's Docker path from working is reported at once, with advice. Each
 * cause is produced for real. Also the exit codes of the subcommands.
 */
import { chmodSync, readFileSync, writeFileSync } from "node:fs";
import { type AddressInfo, connect, createServer } from "node:net";
import { join } from "node:path";
import { freePort } from "@fireworks/local-kafka";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ended, must, run } from "./harness/command.ts";
import { ClusterSite } from "./harness/site.ts";

const CLUSTER = "fw-bootstrap";
let site: ClusterSite;

/** Runs bootstrap.sh with these additional variables. */
const bootstrap = (
	environment: Readonly<Record<string, string>>,
	...words: string[]
): Promise<Ended> =>
	run("sh", ["bootstrap.sh", ...words], {
		cwd: site.folder,
		env: { ...process.env, FIREWORKS_KIND_CLUSTER: CLUSTER, ...environment },
		timeoutMs: 400_000,
	});

async function fails(ended: Promise<Ended>, ...says: string[]): Promise<void> {
	const { code, output } = await ended;
	expect(code, output).toBe(1);
	for (const text of [...says, "What to do"]) expect(output).toContain(text);
}

beforeAll(async () => {
	site = await ClusterSite.clone(CLUSTER);
});
afterAll(() => site?.remove());

test("an engine on another machine", async () => {
	const elsewhere = createServer((client) => {
		const engine = connect("/var/run/docker.sock");
		client.pipe(engine).pipe(client);
		for (const socket of [client, engine]) socket.on("error", () => {});
	});
	await new Promise<void>((ready) => elsewhere.listen(0, "127.0.0.1", ready));
	const { port } = elsewhere.address() as AddressInfo;
	await fails(
		bootstrap({ DOCKER_HOST: `tcp://127.0.0.1:${port}` }, "status"),
		"on another machine",
		"--local",
	);
	elsewhere.close();
});

test("a client without an engine, where the target needs one", () =>
	fails(
		bootstrap(
			{ DOCKER_HOST: "unix:///nowhere/docker.sock" },
			"up",
			"--target",
			"kind",
		),
		"needs Docker",
		"Cannot connect",
	));

test.runIf(process.getuid?.() === 0)("a socket that one may not use", () => {
	chmodSync(site.folder, 0o755);
	return fails(
		run(
			"setpriv",
			[
				"--reuid",
				"65534",
				"--regid",
				"65534",
				"--clear-groups",
				"sh",
				"bootstrap.sh",
				"status",
			],
			{ cwd: site.folder, env: { ...process.env, HOME: "/tmp" } },
		),
		"no permission",
		"usermod -aG docker",
	);
});

test("a port that is taken: by whom, and which setting", async () => {
	const port = await freePort();
	const server = createServer();
	await new Promise<void>((ready) => server.listen(port, "127.0.0.1", ready));
	await fails(
		bootstrap({ FIREWORKS_DASHBOARD_PORT: String(port) }, "--detach"),
		`Port ${port} is taken`,
		"FIREWORKS_DASHBOARD_PORT",
	);
	await new Promise((done) => server.close(done));
});

test("a base image that cannot be had", () =>
	fails(
		bootstrap(
			{ FIREWORKS_DEVCONTAINER_IMAGE: "registry.invalid/node:24" },
			"prepare",
		),
		"registry.invalid/node:24 cannot be pulled",
		"FIREWORKS_DEVCONTAINER_IMAGE=",
	));

/** The devcontainers of the clone. */
const devcontainers = () =>
	must("docker", [
		"ps",
		"--all",
		"--quiet",
		"--filter",
		`label=fireworks.workspace=${site.folder}`,
	]);

test("commands of a fresh clone that only look: their exit codes, and nothing is made", async () => {
	const { stdout } = await bootstrap({}, "status", "--json");
	expect(JSON.parse(stdout).target).toBe("kind");
	for (const [command, code] of [
		["status", 0],
		["logs", 1],
		["doctor", 0],
		["audit", 2],
		["down", 0],
		["help", 0],
	] as const) {
		const ended = await bootstrap({}, command);
		expect(ended.code, ended.output).toBe(code);
		expect(ended.output).not.toMatch(/Building|Installing|Starting/);
	}
	expect(await devcontainers()).toBe("");
});

test("prepare: then the command's own answers, and files of the clone's owner", async () => {
	const prepared = await bootstrap({}, "prepare");
	expect(prepared.code, prepared.output).toBe(0);
	const first = await bootstrap({}, "status", "--json");
	expect(first.code, first.output).toBe(0);
	expect(() => JSON.parse(first.stdout)).not.toThrow();
	// Nothing runs, so the audit has no result.
	expect((await bootstrap({}, "audit")).code).toBe(2);
	const wrong = await bootstrap({}, "no-such-word");
	expect([wrong.code, wrong.output]).toEqual([
		64,
		expect.stringContaining("no-such-word"),
	]);
	const owner = await must("stat", ["-c", "%u", site.folder]);
	expect(
		await must("find", [
			site.folder,
			"-maxdepth",
			"2",
			"!",
			"-uid",
			owner.trim(),
		]),
	).toBe("");
});

test("a tree that does not compile: the last build answers, and says that it is one", async () => {
	const source = join(site.folder, "apps/cli/src/main.ts");
	const text = readFileSync(source, "utf8");
	writeFileSync(source, "not TypeScript {");
	const looked = await bootstrap({}, "status", "--json");
	expect(looked.code, looked.output).toBe(0);
	expect(() => JSON.parse(looked.stdout)).not.toThrow();
	expect(looked.output).toContain("the last build");
	// A failed build keeps the last one.
	expect((await bootstrap({}, "prepare")).code).not.toBe(0);
	expect((await bootstrap({}, "status", "--json")).code).toBe(0);
	writeFileSync(source, text);
});

test("down without anything to stop, and what it leaves with --purge: nothing", async () => {
	expect((await bootstrap({}, "down", "--purge")).code).toBe(0);
	const left = await must("docker", [
		"ps",
		"--all",
		"--quiet",
		"--filter",
		`label=fireworks.workspace=${site.folder}`,
	]);
	expect(left).toBe("");
	const again = await bootstrap({}, "down");
	expect([again.code, again.output]).toEqual([
		0,
		expect.stringContaining("Nothing runs"),
	]);
});
