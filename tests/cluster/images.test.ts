/** The images as Docker really builds and runs them: what is in them, as whom they run, how they start and stop. Needs Docker. */
import { execFile } from "node:child_process";
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
	IMAGE_SETTINGS,
	IMAGES,
} from "../../apps/cli/src/images/index.ts";
import { ROOT } from "../../apps/cli/src/project.ts";
import { sbomOf } from "../../scripts/sbom/sbom.ts";
import { waitFor } from "../harness/wait-for.ts";
import { withoutBuildSettings } from "./harness/build-settings.ts";

const NODE = "usr/local/bin/node";
/** Beside node, which is most of it: 127 MB. */
const REST_BYTES_MAX = 40e6;
/** What must not be in an image: anything to get further with once inside. */
const TOOLS =
	/(^|\/)(sh|bash|dash|busybox|apt|apt-get|dpkg|apk|npm|npx|pnpm|yarn|corepack|curl|wget|perl|python3?)$/;
const NAMES = IMAGES.map((image) => image.name);
const SERVICES = NAMES.filter((name) => name !== "cli");
/** The command has no settings of its own to be checked at a start without words. */
const SETTING = {
	metronome: "FIREWORKS_METRONOME_DEVICES",
	processor: "FIREWORKS_SEED",
	middleware: "FIREWORKS_MIDDLEWARE_PORT",
	dashboard: "FIREWORKS_DASHBOARD_WEBSOCKET_URL",
} as Record<string, string>;

const settings = buildArgsOf(
	parseSettings(withoutBuildSettings(process.env), IMAGE_SETTINGS),
);
let images: Map<string, BuiltImage>;
const containers: string[] = [];

interface Ended {
	code: number;
	out: string;
}

/** docker's own end is the container's, for `docker run`. */
const docker = (...args: string[]): Promise<Ended> =>
	new Promise((resolve) =>
		execFile(
			"docker",
			args,
			{ maxBuffer: 64e6, timeout: 300_000 },
			(error, stdout, stderr) =>
				resolve({
					code: error ? Number(error.code ?? -1) : 0,
					out: stdout + stderr,
				}),
		),
	);
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
		args: settings,
		onProgress: (text) => console.log(text),
	});
	images = new Map(built.images.map((image) => [image.name, image]));
});
afterAll(async () => {
	if (containers.length > 0) await docker("rm", "--force", ...containers);
});

test("a second build builds nothing", async () => {
	const again = await buildImages({ args: settings });
	expect(again.images.filter((image) => image.built)).toEqual([]);
	expect(again.images.map((image) => image.ref)).toEqual(
		[...images.values()].map((image) => image.ref),
	);
});

describe.each(NAMES)("%s", (name) => {
	test("is run by node itself, as 1000, and says where it comes from", async () => {
		const { Config: config } = await inspect(refOf(name));
		expect(config.User).toBe("1000:1000");
		expect(config.Entrypoint[0]).toBe("node");
		expect(config.Labels).toMatchObject({
			"org.opencontainers.image.title": expect.stringContaining("Fireworks"),
			"org.opencontainers.image.version": expect.stringMatching(/^\d+\.\d+/),
			"org.opencontainers.image.revision": expect.stringMatching(/\w/),
			"org.opencontainers.image.source": expect.any(String),
			"org.opencontainers.image.licenses": expect.stringMatching(/\w/),
		});
		const env: string[] = config.Env;
		expect(env.join("\n")).not.toMatch(/token|password|secret|proxy/i);
	});

	test("has node, its libraries and our files: no shell, no package manager, nothing to write to", async () => {
		const files = await filesOf(refOf(name));
		expect(files.map((file) => file.path)).toContain(NODE);
		expect(files.filter((file) => TOOLS.test(file.path))).toEqual([]);
		expect(files.filter((file) => file.open)).toEqual([]);
		const rest = files.filter((file) => file.path !== NODE);
		const bytes = rest.reduce((sum, file) => sum + file.bytes, 0);
		expect(bytes).toBeLessThan(REST_BYTES_MAX);
	});

	test("its bill of materials has node, the C library and the packages", async () => {
		const bom = JSON.parse(await sbomOf(name, refOf(name)));
		const purls = bom.components.map((c: { purl: string }) => c.purl);
		const expected = [
			"pkg:generic/node@24",
			"pkg:deb/debian/libc6@",
			"pkg:npm/zod@",
		];
		for (const prefix of expected)
			expect(
				purls.some((purl: string) => purl.startsWith(prefix)),
				prefix,
			).toBe(true);
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

interface ImageFile {
	path: string;
	bytes: number;
	/** Others than root may write to it. */
	open: boolean;
}

/** The files of an image; not those that Docker itself puts into every container. */
async function filesOf(ref: string): Promise<ImageFile[]> {
	const folder = mkdtempSync(join(tmpdir(), "fireworks-image-"));
	const container = (await docker("create", ref)).out.trim();
	try {
		const archive = join(folder, "image.tar");
		await docker("export", `--output=${archive}`, container);
		const list = await new Promise<string>((resolve, reject) =>
			execFile(
				"tar",
				["--list", "--verbose", "--numeric-owner", `--file=${archive}`],
				{ maxBuffer: 64e6 },
				(error, stdout) => (error ? reject(error) : resolve(stdout)),
			),
		);
		return list
			.trim()
			.split("\n")
			.map((line) => {
				const [mode = "", , size, , , path = ""] = line.split(/\s+/);
				return { mode, bytes: Number(size), path };
			})
			.filter(
				({ path }) =>
					!path.endsWith("/") &&
					!/^(\.dockerenv|dev\/|proc\/|sys\/|etc\/(hosts|hostname|resolv\.conf|mtab)$)/.test(
						path,
					),
			)
			.map(({ mode, bytes, path }) => ({
				path,
				bytes,
				open: !mode.startsWith("l") && mode[8] === "w",
			}));
	} finally {
		await docker("rm", "--force", container);
		rmSync(folder, { recursive: true, force: true });
	}
}
