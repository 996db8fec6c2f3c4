/**
 * The images as Docker really builds and runs them: their contents, their user, how they start and
 * stop. Needs Docker.
 */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { sbomOf } from "../../scripts/sbom/sbom.ts";
import { waitFor } from "../harness/wait-for.ts";
import { bake, idOf, ROOT, targetsOf } from "./harness/bake.ts";
import { must } from "./harness/command.ts";
import { docker, filesOf } from "./harness/image-files.ts";

/**
 * The runtime of an image. program: the entry point's program. file: its path. restBytesMax: limit
 * for all other files. parts: entries of the bill of materials.
 */
const NODE = {
	program: "node",
	file: /^usr\/local\/bin\/node$/,
	restBytesMax: 40e6,
	parts: ["pkg:generic/node@24", "pkg:deb/debian/libc6@", "pkg:npm/zod@"],
};
/** Most of the rest is numpy. */
const PYTHON = {
	program: "python3",
	file: /^usr\/(local\/)?bin\/python3(\.\d+)?$/,
	restBytesMax: 160e6,
	parts: [
		"pkg:generic/python@3",
		"pkg:deb/debian/libc6@",
		"pkg:pypi/confluent-kafka@",
	],
};
/** What must not be in an image: tools that would help an intruder. */
const TOOLS =
	/(^|\/)(sh|bash|dash|busybox|apt|apt-get|dpkg|apk|pip3?|npm|npx|pnpm|yarn|corepack|curl|wget|perl|python3?)$/;
const IMAGES = ["metronome", "processor", "middleware", "cli", "dashboard"];
const MINIMAL = [
	...IMAGES.map((name) => ({ name, runtime: NODE })),
	{ name: "engine-python", runtime: PYTHON },
];
const SERVICES = MINIMAL.map(({ name }) => name).filter(
	(name) => name !== "cli",
);
/** The CLI is excluded: without a subcommand it has no settings of its own to check at startup. */
const SETTING = {
	metronome: "FIREWORKS_METRONOME_DEVICES",
	processor: "FIREWORKS_SEED",
	"engine-python": "FIREWORKS_SEED",
	middleware: "FIREWORKS_MIDDLEWARE_PORT",
	dashboard: "FIREWORKS_DASHBOARD_WEBSOCKET_URL",
} as Record<string, string>;

const ALL = [...IMAGES, "engine-python", "engine-spark"];
const TAG = "test";
const containers: string[] = [];

const refOf = (name: string): string => `fireworks/${name}:${TAG}`;
const inspect = async (ref: string) =>
	JSON.parse((await docker("image", "inspect", ref)).out)[0];

/** The image's own user, and OpenShift's kind of user: without a name, in the group 0. */
const USERS = ["1000", "1000650000:0"];
/** Docker options that restrict the container like a strict pod. */
const STRICT = [
	"--read-only",
	"--user=1000",
	"--network=none",
	"--cap-drop=ALL",
	"--security-opt=no-new-privileges",
];

beforeAll(() => bake(TAG, ALL));
afterAll(async () => {
	if (containers.length > 0) await docker("rm", "--force", ...containers);
	await docker("image", "rm", ...ALL.map(refOf));
});

test("`docker buildx bake` builds the images of the TypeScript engine", async () => {
	expect((await targetsOf()).sort()).toEqual(IMAGES.toSorted());
});

test("a second build gives the same images", async () => {
	const ids = () => Promise.all(ALL.map((name) => idOf(refOf(name))));
	const before = await ids();
	await bake(TAG, ALL);
	expect(await ids()).toEqual(before);
});

test("a base image that has moved gives another image", async () => {
	const base = "fireworks/moving-base:test";
	const runtime = { options: ["--set=cli.target=runtime"] };
	const build = async (dockerfile: string) => {
		await must("docker", ["build", `--tag=${base}`, "-"], {
			env: { ...process.env, DOCKER_BUILDKIT: "1" },
			input: dockerfile,
		});
		await bake("moving", ["cli"], {
			...runtime,
			env: { FIREWORKS_NODE_IMAGE: base },
		});
		return idOf("fireworks/cli:moving");
	};
	try {
		const first = await build("FROM node:24-bookworm-slim\n");
		expect(await build("FROM node:24-bookworm-slim\n")).toBe(first);
		expect(
			await build("FROM node:24-bookworm-slim\nRUN echo >/moved\n"),
		).not.toBe(first);
	} finally {
		await docker("image", "rm", "fireworks/cli:moving", base);
	}
});

/** Checks that the image's metadata names its origin and contains no secret. */
async function namesItsOrigin(name: string): Promise<void> {
	const { Config: config } = await inspect(refOf(name));
	expect(config.Labels).toMatchObject({
		"org.opencontainers.image.title": expect.stringContaining("Fireworks"),
		"org.opencontainers.image.version": expect.stringMatching(/^\d+\.\d+/),
		"org.opencontainers.image.revision": expect.stringMatching(/\w/),
		"org.opencontainers.image.source": expect.any(String),
		"org.opencontainers.image.licenses": expect.stringMatching(/\w/),
	});
	const env: string[] = config.Env;
	expect(env.join("\n")).not.toMatch(/token|password|secret|proxy/i);
}

/** Checks that the bill of materials contains each of these parts. */
async function isMadeOf(name: string, parts: readonly string[]): Promise<void> {
	const bom = JSON.parse(await sbomOf(name, refOf(name)));
	const purls = bom.components.map((c: { purl: string }) => c.purl);
	for (const prefix of parts)
		expect(
			purls.some((purl: string) => purl.startsWith(prefix)),
			prefix,
		).toBe(true);
}

describe.each(MINIMAL)("$name", ({ name, runtime }) => {
	test("runs its runtime directly, as user 1000, and names its origin", async () => {
		const { Config: config } = await inspect(refOf(name));
		expect(config.User).toBe("1000:1000");
		expect(config.Entrypoint[0]).toBe(runtime.program);
		await namesItsOrigin(name);
	});

	test("has only the runtime, its libraries and our files: no shell, no package manager, no writable file", async () => {
		const files = await filesOf(refOf(name));
		const rest = files.filter((file) => !runtime.file.test(file.path));
		expect(rest.length).toBeLessThan(files.length);
		expect(rest.filter((file) => TOOLS.test(file.path))).toEqual([]);
		expect(files.filter((file) => file.open)).toEqual([]);
		const bytes = rest.reduce((sum, file) => sum + file.bytes, 0);
		expect(bytes).toBeLessThan(runtime.restBytesMax);
	});

	test("its bill of materials has the runtime, the C library and the packages", () =>
		isMadeOf(name, runtime.parts));
});

describe("engine-spark", () => {
	const name = "engine-spark";
	/** As in the chart's pod: what the base image and Spark write goes to volumes. */
	const strict = [
		...STRICT.filter((option) => !option.startsWith("--user")),
		// Java resolves its own host name, which a pod can do.
		"--hostname=localhost",
		"--tmpfs=/tmp",
		"--tmpfs=/opt/spark/work-dir",
	];
	const driver = [
		"/opt/spark/bin/spark-submit",
		"--master=local[1]",
		"--class=fireworks.processor.Main",
		"local:///opt/spark/jars/fireworks-spark.jar",
	];

	test("is Spark's own image with our jars, runs as its user, and names its origin", async () => {
		const { Config: config } = await inspect(refOf(name));
		expect(config.User).toBe("185");
		await namesItsOrigin(name);
		await isMadeOf(name, [
			"pkg:generic/fireworks-spark",
			"pkg:generic/spark-sql-kafka-0-10_2.13@4.0.0",
			"pkg:generic/spark-core_2.13@4.0.0",
			"pkg:deb/",
		]);
	});

	test("exits with 78 if settings are wrong, and names each of them", async () => {
		const { code, out } = await docker(
			"run",
			"--rm",
			...strict,
			"--env=FIREWORKS_SEED=wrong wrong",
			"--env=FIREWORKS_LOG_LEVLE=1",
			refOf(name),
			...driver,
		);
		expect(out).toContain('"setting":"FIREWORKS_SEED"');
		expect(out).toContain('"setting":"FIREWORKS_LOG_LEVLE"');
		expect(code).toBe(78);
	});
});

describe.each(SERVICES)("%s", (name) => {
	test("exits with 78 if settings are wrong, and names each of them", async () => {
		const { code, out } = await docker(
			"run",
			"--rm",
			...STRICT,
			`--env=${SETTING[name]}=wrong wrong`,
			"--env=FIREWORKS_LOG_LEVLE=1",
			refOf(name),
		);
		expect(out).toContain(`"setting":"${SETTING[name]}"`);
		expect(out).toContain('"setting":"FIREWORKS_LOG_LEVLE"');
		expect(code).toBe(78);
	});

	test.each(USERS)(
		"runs as %s on a read-only disk, and exits with 0 on SIGTERM although no broker answers",
		async (user) => {
			const { out } = await docker(
				"run",
				"--detach",
				...STRICT,
				`--user=${user}`,
				refOf(name),
			);
			const id = out.trim();
			containers.push(id);
			await waitFor(
				`${name} to run`,
				async () =>
					/is served|are served/.test((await docker("logs", id)).out) ||
					undefined,
				30_000,
			);
			await docker("stop", "--time=20", id);
			const state = await docker(
				"inspect",
				"--format={{.State.ExitCode}} {{.State.OOMKilled}}",
				id,
			);
			expect(state.out.trim()).toBe("0 false");
		},
	);
});

test.each(USERS)("cli: --help works as %s", async (user) => {
	const strict = [...STRICT, `--user=${user}`];
	const help = await docker("run", "--rm", ...strict, refOf("cli"), "--help");
	expect(help.out).toContain("audit");
	expect(help.code).toBe(0);
});

test("the build context has our sources, but no secrets, no state and no results of builds", async () => {
	const ref = "fireworks/context:test";
	try {
		await must("docker", ["build", "--file=-", `--tag=${ref}`, ROOT], {
			env: { ...process.env, DOCKER_BUILDKIT: "1" },
			input: 'FROM scratch\nCOPY . /context\nCMD ["none"]\n',
		});
		const paths = (await filesOf(ref))
			.map(({ path }) => path)
			.filter((path) => path.startsWith("context/"));
		expect(paths).toContain("context/services/processor/src/main.ts");
		expect(
			paths.filter((path) =>
				/\/(\.env[^/]*|\.git|\.fireworks|node_modules|dist|\.next|test)(\/|$)/.test(
					path,
				),
			),
		).toEqual([]);
	} finally {
		await docker("image", "rm", ref);
	}
});
