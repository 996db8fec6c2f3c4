/** The exact commands that build and load images and install the chart, for different settings. */
import { mkdirSync } from "node:fs";
import { join } from "node:path";
import { SETTINGS, type SettingName, variableOf } from "@fireworks/contracts";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { CHART } from "../../../src/cluster/helm/chart.ts";
import { upgrade } from "../../../src/cluster/helm/release.ts";
import { chartValues } from "../../../src/cluster/helm/values.ts";
import { buildImages } from "../../../src/cluster/images/build.ts";
import { fullName, loadIntoKind } from "../../../src/cluster/images/load.ts";
import { parseAll } from "../../../src/settings.ts";
import { RecordedTools } from "../../support/recorded-tools.ts";
import { tempFolder } from "../../support/temp.ts";

const folder = tempFolder();
let tools: RecordedTools;
let n = 0;

beforeEach(() => {
	const own = join(folder, String(n++));
	mkdirSync(own);
	tools = new RecordedTools(own);
	vi.stubEnv("PATH", tools.path);
	for (const name of Object.keys(process.env))
		if (/_proxy$/i.test(name)) vi.stubEnv(name, undefined);
});
afterEach(() => {
	vi.unstubAllEnvs();
});

const MIRRORS = {
	FIREWORKS_NODE_IMAGE: "mirror.example/node:24",
	FIREWORKS_NPM_REGISTRY: "https://npm.example/",
	FIREWORKS_PYTHON_IMAGE: "mirror.example/python:3.11",
	FIREWORKS_PIP_INDEX_URL: "https://pip.example/simple",
	FIREWORKS_SPARK_IMAGE: "mirror.example/spark:4.0.0",
	FIREWORKS_MAVEN_URL: "https://maven.example/",
};

const build = (env: NodeJS.ProcessEnv = process.env) =>
	buildImages({
		names: ["metronome", "cli"],
		env,
		logFile: join(folder, "images.log"),
		say: () => {},
	});

test("images: one bake, and each is named by its ID", async () => {
	const { refs, added } = await build();
	expect(added).toBe(2);
	const [bake = [], inspect = [], list, ...tags] = tools.calls();
	const ofClone = inspect.slice(-2);
	for (const name of ofClone)
		expect(name).toMatch(/^fireworks\/(metronome|cli):dev-clone-[0-9a-f]{8}$/);
	expect(bake).toEqual([
		"docker",
		"buildx",
		"bake",
		"--file=docker-bake.hcl",
		"--progress=plain",
		"--load",
		`--set=metronome.tags=${ofClone[0]}`,
		`--set=cli.tags=${ofClone[1]}`,
		"metronome",
		"cli",
	]);
	expect(list?.slice(0, 3)).toEqual(["docker", "image", "ls"]);
	const byId = [...refs.values()];
	expect(byId).toEqual([
		expect.stringMatching(/^fireworks\/metronome:dev-[0-9a-f]{12}$/),
		expect.stringMatching(/^fireworks\/cli:dev-[0-9a-f]{12}$/),
	]);
	expect(tags).toEqual(
		byId.map((ref, i) => ["docker", "tag", ofClone[i], ref]),
	);
});

test("images, behind a proxy: the predefined build arguments, by name", async () => {
	const proxy = "http://user:secret@proxy.example:3128";
	vi.stubEnv("https_proxy", proxy);
	await build();
	const [bake = []] = tools.calls();
	expect(bake).toEqual(
		expect.arrayContaining([
			"--set=*.args.https_proxy",
			"--set=*.args.NO_PROXY",
			"--set=*.args.no_proxy",
		]),
	);
	expect(bake.join()).not.toContain("secret");
	expect(tools.proxies()).toContain(`https_proxy=${proxy}`);
});

const ctr = (node: string, ...words: string[]) => [
	"docker",
	"exec",
	node,
	"ctr",
	"--namespace=k8s.io",
	"images",
	...words,
];

test("loading: pulled if Docker lacks it, saved once, and imported by each node's containerd for its own platform", async () => {
	tools.answer("names", [fullName("apache/kafka:4.3.1")]);
	const loaded = await loadIntoKind({
		cluster: "fw",
		refs: ["apache/kafka:4.3.1"],
		say: () => {},
	});
	expect(loaded).toEqual(["apache/kafka:4.3.1"]);
	const calls = tools.calls();
	const save = calls.find(([, word]) => word === "save") ?? [];
	const nodes = ["fw-control-plane", "fw-worker"];
	expect(calls).toEqual([
		["kind", "get", "nodes", "--name=fw"],
		...nodes.map((node) => ctr(node, "list", "--quiet")),
		["docker", "image", "inspect", "apache/kafka:4.3.1"],
		["docker", "pull", "--quiet", "apache/kafka:4.3.1"],
		["docker", "save", save[2], "apache/kafka:4.3.1"],
		...nodes.flatMap((node) => [
			["docker", "exec", node, "containerd", "config", "dump"],
			[
				"docker",
				"exec",
				"--interactive",
				...ctr(
					node,
					"import",
					"--digests",
					"--snapshotter=overlayfs",
					"-",
				).slice(2),
			],
			ctr(node, "list", "--quiet"),
		]),
	]);
});

test("loading: an archive without an image for the node is an error, not a pod that waits without end", async () => {
	tools.answer("names", []);
	await expect(
		loadIntoKind({
			cluster: "fw",
			refs: ["apache/kafka:4.3.1"],
			say: () => {},
		}),
	).rejects.toThrow(
		/apache\/kafka:4\.3\.1 could not be loaded into the node fw-control-plane/,
	);
});

/** Runs `helm upgrade` as `up --target cluster` does. */
async function install(env: Record<string, string>): Promise<string[][]> {
	const settings = parseAll(env);
	const set = (Object.keys(SETTINGS) as SettingName[]).filter(
		(name) => env[variableOf(name)] !== undefined,
	);
	await upgrade(
		{
			name: {
				access: { kubeconfig: undefined, context: "my-eks" },
				namespace: settings.namespace,
				release: settings.release,
			},
			valuesFiles: [],
			values: chartValues({ settings, set }),
			alone: false,
			timeoutMs: 240_000,
			say: () => {},
		},
		AbortSignal.timeout(60_000),
	);
	return tools.calls();
}

const UPGRADE = [
	[
		"helm",
		"upgrade",
		"--install",
		"fireworks",
		CHART,
		"--kube-context",
		"my-eks",
		"--namespace",
		"fireworks",
		"--values",
		"-",
		"--description",
		expect.stringMatching(/^fireworks up [0-9a-f]{12}$/),
		"--history-max",
		"5",
		"--wait",
		"--timeout",
		"240000ms",
	],
];

test.each([
	["nothing set", {}, {}],
	[
		"the registry alone",
		{ FIREWORKS_IMAGE_REGISTRY: "ghcr.io/acme" },
		{ image: { registry: "ghcr.io/acme" } },
	],
	[
		"all set: registry, tag and Kafka's image; mirrors of the build do not reach a pod",
		{
			...MIRRORS,
			FIREWORKS_IMAGE_REGISTRY: "ghcr.io/acme",
			FIREWORKS_IMAGE_TAG: "0.2.0",
			FIREWORKS_KAFKA_IMAGE: "mirror.example/kafka:4.3.1",
		},
		{
			image: { registry: "ghcr.io/acme", tag: "0.2.0" },
			kafka: { image: { repository: "mirror.example/kafka", tag: "4.3.1" } },
		},
	],
])("installing from a registry: %s", async (_, env, values) => {
	const calls = await install(env as Record<string, string>);
	expect(calls).toEqual(UPGRADE);
	expect(tools.values()).toEqual(values);
});
