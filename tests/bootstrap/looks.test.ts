/**
 * A command that only reads (status, logs, doctor, audit, down, help) builds, pulls and installs
 * nothing. It works even if the tree does not compile, with the existing build.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "@fireworks/local-kafka";
import {
	afterAll,
	afterEach,
	beforeAll,
	beforeEach,
	describe,
	expect,
	test,
} from "vitest";
import { Clone } from "./harness/clone.ts";
import { Stubs } from "./harness/stub.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const NODE_FOLDER = dirname(process.execPath);
const LOOKS = ["status", "logs", "doctor", "audit", "down", "help"];
const NODE = "fireworks-control-plane";
const nodeOf = (cluster: string) => ({
	state: "running",
	labels: { "io.x-k8s.kind.cluster": cluster },
	image: "kindest/node",
});

let stubs: Stubs;
let clone: Clone;

beforeAll(() => {
	clone = new Clone();
	// Every build of this file fails.
	writeFileSync(join(clone.root, "apps/cli/src/main.ts"), "not TypeScript {");
});
afterAll(() => clone.remove());
beforeEach(() => {
	stubs = new Stubs(["docker", "npm"]);
	clone.forget();
});
afterEach(() => stubs.remove());

/** Runs on free ports, because `doctor` checks the ports. */
const bootstrap = async (...words: string[]) =>
	clone.run(words, {
		path: [stubs.bin],
		env: {
			FIREWORKS_DASHBOARD_PORT: String(await freePort()),
			FIREWORKS_MIDDLEWARE_PORT: String(await freePort()),
		},
	});

function nothingMade(): void {
	const made = ["build", "pull", "run", "create", "buildx"];
	for (const verb of made) expect(stubs.calls("docker", verb)).toEqual([]);
	expect(stubs.calls("npm")).toEqual([]);
}

/** The output of the command itself if nothing was ever brought up. */
const realStatus = (target: string): unknown =>
	JSON.parse(
		execFileSync(
			process.execPath,
			["apps/cli/src/main.ts", "status", "--json", "--target", target],
			{
				cwd: ROOT,
				encoding: "utf8",
				env: {
					// The stub of kind knows no cluster.
					PATH: `${stubs.bin}:/usr/bin:/bin`,
					HOME: clone.home,
					FIREWORKS_STATE_DIR: join(clone.home, "state"),
				},
			},
		),
	);

describe("with Docker, nothing there", () => {
	test.each([
		["status", 0, "Fireworks is not running"],
		["logs", 1, "There are no logs"],
		["doctor", 0, "Nothing runs"],
		["audit", 2, "Could not tell"],
		["down", 0, "Nothing runs"],
		["help", 0, "Usage"],
	])("%s ends with %i", async (command, code, says) => {
		const ended = await bootstrap(command);
		expect([ended.code, ended.stdout + ended.stderr]).toEqual([
			code,
			expect.stringContaining(says),
		]);
		nothingMade();
	});

	test("status --json is the command's own empty document", async () => {
		const own = new Stubs(["kind"]);
		const { stdout, code } = await bootstrap("status", "--json");
		expect(code).toBe(0);
		stubs.remove();
		stubs = own;
		expect(JSON.parse(stdout)).toEqual(realStatus("kind"));
	});

	test("audit --json is JSON", async () => {
		const { stdout, code } = await bootstrap("audit", "--json");
		expect(code).toBe(2);
		expect(JSON.parse(stdout)).toEqual({
			result: "unknown",
			reason: expect.stringContaining("no kind cluster"),
		});
	});

	test("up --help is help", async () => {
		const { stdout, code } = await bootstrap("up", "--help");
		expect([code, stdout]).toEqual([0, expect.stringContaining("Usage")]);
		nothingMade();
	});
});

describe("with Docker, the devcontainer is there", () => {
	/** The devcontainer, created by an older version of the sources. */
	const older = async (state: string) => {
		await bootstrap("prepare");
		const docker = stubs.docker;
		for (const container of Object.values(docker.containers))
			Object.assign(container, { state, labels: { "fireworks.sum": "old" } });
		stubs.docker = { ...docker, images: [] };
		stubs.forget();
	};

	test.each(LOOKS)(
		"%s runs in it, though its image is outdated",
		async (command) => {
			await older("running");
			stubs.answer({ match: `bootstrap.sh ${command}$`, code: 3, stdout: "x" });
			const ended = await bootstrap(command);
			expect([ended.code, ended.stdout]).toEqual([3, "x"]);
			nothingMade();
			expect(stubs.calls("docker", "rm")).toEqual([]);
		},
	);

	test("a stopped one is started", async () => {
		await older("exited");
		expect((await bootstrap("status")).code).toBe(0);
		expect(stubs.calls("docker", "start")).toHaveLength(1);
		nothingMade();
	});
});

describe("with Docker, the cluster is there and the devcontainer is gone", () => {
	const cluster = (images: string[], volumes = {}) => {
		const containers = { [NODE]: nodeOf("fireworks") };
		stubs.docker = { images, containers, volumes };
	};
	const ours = () => ({
		"fireworks-cluster-fireworks": { "fireworks.workspace": clone.root },
	});

	test.each([
		["status", 1],
		["logs", 1],
		["doctor", 1],
		["audit", 2],
	])(
		"%s without an image says what to do, and ends with %i",
		async (command, code) => {
			cluster([]);
			const ended = await bootstrap(command);
			expect([ended.code, ended.stderr]).toEqual([
				code,
				expect.stringContaining("sh bootstrap.sh up"),
			]);
			nothingMade();
		},
	);

	test("status with an image makes it again from that image", async () => {
		cluster(["fireworks-devcontainer:older"]);
		expect((await bootstrap("status")).code).toBe(0);
		expect(stubs.calls("docker", "build")).toEqual([]);
		expect(stubs.calls("docker", "run")[0]?.args.at(-1)).toBe(
			"fireworks-devcontainer:older",
		);
	});

	test("down removes the nodes by Docker", async () => {
		cluster([], ours());
		const ended = await bootstrap("down");
		expect(ended.code, ended.stderr).toBe(0);
		expect(stubs.docker).toEqual({ images: [], containers: {}, volumes: {} });
		nothingMade();
	});

	test.each([
		[
			{ "fireworks-cluster-fireworks": { "fireworks.workspace": "/other" } },
			"/other",
		],
		[{}, "was not made by Fireworks"],
	])("down leaves a cluster that is not ours: %j", async (volumes, says) => {
		cluster([], volumes);
		const ended = await bootstrap("down");
		expect([ended.code, ended.stdout]).toEqual([
			0,
			expect.stringContaining(says),
		]);
		expect(Object.keys(stubs.docker.containers)).toEqual([NODE]);
		nothingMade();
	});
});

describe("--local", () => {
	/** A build that prints its arguments. */
	const built = () => {
		const dist = join(clone.root, "apps/cli/dist");
		mkdirSync(dist, { recursive: true });
		const program = 'console.log("ran", ...process.argv.slice(2));';
		writeFileSync(join(dist, "main.js"), program);
		return dist;
	};
	const local = (...words: string[]) =>
		clone.run([...words, "--local"], { path: [stubs.bin, NODE_FOLDER] });

	test.each(LOOKS)(
		"%s runs the last build, and says that it is one",
		async (command) => {
			built();
			const ended = await local(command);
			expect(ended).toMatchObject({
				code: 0,
				stdout: `ran ${command} --local\n`,
				stderr: expect.stringContaining("the last build"),
			});
			expect(stubs.calls()).toEqual([]);
		},
	);

	test("a build of these sources runs without that line", async () => {
		const dist = built();
		const sum = execFileSync(
			"sh",
			["-c", '. "$root/scripts/bootstrap/packages.sh"; build_sum'],
			{ env: { root: clone.root, PATH: `${NODE_FOLDER}:/usr/bin:/bin` } },
		);
		writeFileSync(join(dist, ".fireworks-stamp"), sum);
		expect((await local("status")).stderr).toBe("");
	});

	test.each([
		["status", 0, "Fireworks is not running"],
		["logs", 0, "There are no logs"],
		["doctor", 0, "Nothing runs"],
		["audit", 2, "Could not tell"],
		["down", 0, "Nothing runs"],
		["help", 0, "Usage"],
	])("%s without any build ends with %i", async (command, code, says) => {
		const ended = await local(command);
		expect([ended.code, ended.stdout + ended.stderr]).toEqual([
			code,
			expect.stringContaining(says),
		]);
		expect(stubs.calls()).toEqual([]);
	});

	test("status --json without any build is the command's own empty document", async () => {
		const { stdout } = await local("status", "--json");
		expect(JSON.parse(stdout)).toEqual(realStatus("local"));
	});
});
