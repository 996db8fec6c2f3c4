/** The images as Docker really builds and runs them: what is in them, as whom they run, how they start and stop. Needs Docker. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseSettings } from "@fireworks/contracts";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { contextFiles } from "../../apps/cli/src/images/content.ts";
import {
	type BuiltImage,
	buildArgsOf,
	buildImages,
	ENGINE_IMAGES,
	IMAGE_SETTINGS,
	IMAGES,
} from "../../apps/cli/src/images/index.ts";
import { ROOT } from "../../apps/cli/src/project.ts";
import { sbomOf } from "../../scripts/sbom/sbom.ts";
import { waitFor } from "../harness/wait-for.ts";
import { withoutBuildSettings } from "./harness/build-settings.ts";
import { docker, filesOf } from "./harness/image-files.ts";

/** What runs an image. program: by the entry point. file: its path. restBytesMax: of all beside it. parts: in the bill of materials. */
const NODE = {
	program: "node",
	file: /^usr\/local\/bin\/node$/,
	restBytesMax: 40e6,
	parts: ["pkg:generic/node@24", "pkg:deb/debian/libc6@", "pkg:npm/zod@"],
};
/** numpy is most of it. */
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
/** What must not be in an image: anything to get further with once inside. */
const TOOLS =
	/(^|\/)(sh|bash|dash|busybox|apt|apt-get|dpkg|apk|pip3?|npm|npx|pnpm|yarn|corepack|curl|wget|perl|python3?)$/;
const MINIMAL = [
	...IMAGES.map(({ name }) => ({ name, runtime: NODE })),
	{ name: "engine-python", runtime: PYTHON },
];
const SERVICES = MINIMAL.map(({ name }) => name).filter(
	(name) => name !== "cli",
);
/** The command has no settings of its own to be checked at a start without words. */
const SETTING = {
	metronome: "FIREWORKS_METRONOME_DEVICES",
	processor: "FIREWORKS_SEED",
	"engine-python": "FIREWORKS_SEED",
	middleware: "FIREWORKS_MIDDLEWARE_PORT",
	dashboard: "FIREWORKS_DASHBOARD_WEBSOCKET_URL",
} as Record<string, string>;

const ALL = [...IMAGES, ...ENGINE_IMAGES].map(({ name }) => name);
const settings = buildArgsOf(
	parseSettings(withoutBuildSettings(process.env), IMAGE_SETTINGS),
);
let images: Map<string, BuiltImage>;
const containers: string[] = [];

const refOf = (name: string): string => images.get(name)?.ref ?? "";
const inspect = async (ref: string) =>
	JSON.parse((await docker("image", "inspect", ref)).out)[0];

/** Runs as a strict pod would have it. */
const STRICT = [
	"--read-only",
	"--user=1000",
	"--network=none",
	"--cap-drop=ALL",
	"--security-opt=no-new-privileges",
];

beforeAll(async () => {
	const built = await buildImages({
		names: ALL,
		args: settings,
		onProgress: (text) => console.log(text),
	});
	images = new Map(built.images.map((image) => [image.name, image]));
});
afterAll(async () => {
	if (containers.length > 0) await docker("rm", "--force", ...containers);
});

test("a second build builds nothing", async () => {
	const again = await buildImages({ names: ALL, args: settings });
	expect(again.images.filter((image) => image.built)).toEqual([]);
	expect(again.images.map((image) => image.ref)).toEqual(
		[...images.values()].map((image) => image.ref),
	);
});

/** Where it comes from, and no secret. */
async function saysWhatItIs(name: string): Promise<void> {
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

/** The bill of materials has a part of each of these. */
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
	test("is run by its runtime itself, as 1000, and says where it comes from", async () => {
		const { Config: config } = await inspect(refOf(name));
		expect(config.User).toBe("1000:1000");
		expect(config.Entrypoint[0]).toBe(runtime.program);
		await saysWhatItIs(name);
	});

	test("has the runtime, its libraries and our files: no shell, no package manager, nothing to write to", async () => {
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
	/** As the chart's pod: what the base image and Spark write goes to volumes. */
	const strict = [
		...STRICT.filter((option) => !option.startsWith("--user")),
		// Java looks its own name up, which a pod has.
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

	test("is Spark's own image with our jars, as its user, and says where it comes from", async () => {
		const { Config: config } = await inspect(refOf(name));
		expect(config.User).toBe("185");
		await saysWhatItIs(name);
		await isMadeOf(name, [
			"pkg:generic/fireworks-spark",
			"pkg:generic/spark-sql-kafka-0-10_2.13@4.0.0",
			"pkg:generic/spark-core_2.13@4.0.0",
			"pkg:deb/",
		]);
	});

	test("with wrong settings ends with 78 and names each of them", async () => {
		const { code, out } = await docker(
			"run",
			"--rm",
			...strict,
			"--env=FIREWORKS_SEED=wrong wrong",
			"--env=FIREWORKS_NO_SUCH_THING=1",
			refOf(name),
			...driver,
		);
		expect(out).toContain('"setting":"FIREWORKS_SEED"');
		expect(out).toContain('"setting":"FIREWORKS_NO_SUCH_THING"');
		expect(code).toBe(78);
	});
});

describe.each(SERVICES)("%s", (name) => {
	test("with wrong settings ends with 78 and names each of them", async () => {
		const { code, out } = await docker(
			"run",
			"--rm",
			...STRICT,
			`--env=${SETTING[name]}=wrong wrong`,
			"--env=FIREWORKS_NO_SUCH_THING=1",
			refOf(name),
		);
		expect(out).toContain(`"setting":"${SETTING[name]}"`);
		expect(out).toContain('"setting":"FIREWORKS_NO_SUCH_THING"');
		expect(code).toBe(78);
	});

	test("runs on a read-only disk, and SIGTERM ends it with 0 although no broker answers", async () => {
		const { out } = await docker("run", "--detach", ...STRICT, refOf(name));
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
	});
});

test("cli: the command answers", async () => {
	const help = await docker("run", "--rm", ...STRICT, refOf("cli"), "--help");
	expect(help.out).toContain("audit");
	expect(help.code).toBe(0);
});

test("the build context is what we take it for: Docker's own reading of .dockerignore", async () => {
	const folder = mkdtempSync(join(tmpdir(), "fireworks-context-"));
	try {
		const dockerfile = join(folder, "Dockerfile");
		writeFileSync(dockerfile, 'FROM scratch\nCOPY . /context\nCMD ["none"]\n');
		const iid = join(folder, "iid");
		const built = await docker(
			"build",
			`--file=${dockerfile}`,
			`--iidfile=${iid}`,
			ROOT,
		);
		expect(built.code, built.out).toBe(0);
		const image = readFileSync(iid, "utf8").trim();
		const found = (await filesOf(image))
			.map((file) => file.path)
			.filter((path) => path.startsWith("context/"))
			.map((path) => path.slice("context/".length));
		await docker("image", "rm", image);
		expect(found.sort()).toEqual(contextFiles(ROOT, ["."]));
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
});
