/** The exact arguments of `docker` for a fresh clone: with no setting, with one, with all. */
import { statSync } from "node:fs";
import { SETTINGS, type SettingName, variableOf } from "@fireworks/contracts";
import { expect, test } from "vitest";
import type { Clone } from "./harness/clone.ts";
import { useClone } from "./harness/use-clone.ts";

const TOOLS = ["DOCKER_CLI", "BUILDX", "KIND", "KUBECTL", "HELM"];
const { stubs, clone } = useClone();

/**
 * `prepare` creates the same devcontainer as `up`, but does not check ports of this machine, which
 * other programs may use.
 */
const prepare = (env: Record<string, string> = {}) =>
	clone().run(["prepare"], { path: [stubs().bin], env });

/** The arguments of the only `docker build`. The last one is the folder. */
async function buildOf(
	env: Record<string, string>,
): Promise<readonly string[]> {
	const { code, stderr } = await prepare(env);
	expect(code, stderr).toBe(0);
	for (const { args } of stubs().calls()) expect(args).not.toContain("");
	const builds = stubs().calls("docker", "build");
	expect(builds).toHaveLength(1);
	return builds[0]?.args ?? [];
}

const START = [
	"build",
	"--tag",
	expect.stringMatching(/^fireworks-devcontainer:[0-9a-f]{8}$/),
	"--label",
	"fireworks.devcontainer=image",
];

test("nothing set: the build has no argument of its own", async () => {
	expect(await buildOf({})).toEqual([
		...START,
		`${clone().root}/.devcontainer`,
	]);
});

test.each([
	"DEVCONTAINER_IMAGE",
	...TOOLS.flatMap((tool) => [`${tool}_URL`, `${tool}_SHA256`]),
])("one set, FIREWORKS_%s: one build argument", async (name) => {
	const argument = name === "DEVCONTAINER_IMAGE" ? "BASE_IMAGE" : name;
	expect(await buildOf({ [`FIREWORKS_${name}`]: "a value" })).toEqual([
		...START,
		"--build-arg",
		`${argument}=a value`,
		`${clone().root}/.devcontainer`,
	]);
});

test("all set: each is a build argument", async () => {
	const names = TOOLS.flatMap((tool) => [`${tool}_URL`, `${tool}_SHA256`]);
	const env = Object.fromEntries(
		["DEVCONTAINER_IMAGE", ...names].map((name) => [
			`FIREWORKS_${name}`,
			`of ${name}`,
		]),
	);
	expect(await buildOf(env)).toEqual([
		...START,
		...["--build-arg", "BASE_IMAGE=of DEVCONTAINER_IMAGE"],
		...names.flatMap((name) => ["--build-arg", `${name}=of ${name}`]),
		`${clone().root}/.devcontainer`,
	]);
});

/** The arguments that every `docker run` of the devcontainer has, up to the image. */
const runOf = ({ root }: Clone): unknown[] => {
	const { uid, gid } = statSync(root);
	const name = expect.stringMatching(/^fireworks-devcontainer-[0-9a-f]{8}$/);
	return [
		"run",
		"--detach",
		...["--name", name],
		...["--label", expect.stringMatching(/^fireworks\.sum=[0-9a-f]{8}$/)],
		"--init",
		...["--hostname", "fireworks-devcontainer", "--cap-add", "NET_ADMIN"],
		...["--restart", "unless-stopped"],
		...["--label", `fireworks.workspace=${root}`],
		...["--label", expect.stringMatching(/^fireworks\.image=/)],
		"--mount",
		"type=bind,source=/var/run/docker.sock,target=/var/run/docker.sock",
		...["--mount", `type=bind,source=${root},target=${root}`],
		"--mount",
		expect.stringMatching(/^type=volume,source=.*,target=\/cache$/),
		...["--workdir", root],
		...["--env", `FIREWORKS_OWNER=${uid}:${gid}`],
		...["--env", "FIREWORKS_KIND_CLUSTER=fireworks"],
		...["--env", `KIND_KUBECONFIG=${root}/.fireworks/kubeconfig.internal`],
		"--env",
		"KUBECONFIG=/home/node/.kube/config:/home/node/.kube/kind:/home/node/.kube/host",
		expect.stringMatching(/^fireworks-devcontainer:[0-9a-f]{8}$/),
	];
};

/** The `docker exec` that runs the command: its --env values and the arguments after them. */
function commandOf(): { env: string[]; rest: readonly string[] } {
	const found = stubs()
		.calls("docker", "exec")
		.find(({ args }) => args.includes(`${clone().root}/bootstrap.sh`));
	const args = found?.args ?? [];
	const env = args.flatMap((arg, i) => (args[i - 1] === "--env" ? [arg] : []));
	return { env, rest: args.slice(args.indexOf("--workdir")) };
}

test("nothing set: docker run, and docker exec with no variable at all", async () => {
	const { code, stderr } = await prepare();
	expect(code, stderr).toBe(0);
	expect(
		stubs()
			.calls("docker", "run")
			.map(({ args }) => args),
	).toEqual([runOf(clone())]);
	const name = stubs().calls("docker", "run")[0]?.args[3];
	const { env, rest } = commandOf();
	expect(env).toEqual([]);
	expect(rest).toEqual([
		...["--workdir", clone().root, name],
		...["sh", "-c", 'echo $$ >"$1"; shift; exec "$@"', "sh"],
		expect.stringMatching(/^\/tmp\/bootstrap-\d+\.pid$/),
		...["sh", `${clone().root}/bootstrap.sh`, "prepare"],
	]);
});

test("a setting goes in by its name; of an unknown variable only the name goes in", async () => {
	const { code, stderr } = await prepare({
		FIREWORKS_SEED: "7",
		FIREWORKS_KAFKA_SASL_PASSWORD: "of the brokers",
		FIREWORKS_API_KEY: "of another product",
		FIREWORKS_LOG_LEVLE: "debug",
		FIREWORKS_HELM_URL: "https://mirror/helm",
		FIREWORKS_CACHE_DIR: "/somewhere",
		npm_config_registry: "https://mirror/npm",
		TEXT: "two lines\nFIREWORKS_NOT_SET=x",
	});
	expect(code, stderr).toBe(0);
	expect(commandOf().env.sort()).toEqual([
		"FIREWORKS_API_KEY=",
		"FIREWORKS_KAFKA_SASL_PASSWORD",
		"FIREWORKS_LOG_LEVLE=",
		"FIREWORKS_SEED",
		"npm_config_registry",
	]);
	for (const { args } of stubs().calls()) {
		expect(args.join(" ")).not.toContain("of another product");
		expect(args.join(" ")).not.toContain("of the brokers");
		expect(args.join(" ")).not.toContain("NOT_SET");
	}
});

test("all settings of the catalogue go in by their names", async () => {
	const own = ["CACHE_DIR", "DEVCONTAINER", "TARGET", "STATE_DIR"];
	const names = (Object.keys(SETTINGS) as SettingName[])
		.filter((name) => SETTINGS[name].kind !== "file")
		.map(variableOf)
		.filter((name) => !own.includes(name.slice("FIREWORKS_".length)))
		.filter((name) => !/DEVICES_FILE|HELM_VALUES/.test(name));
	const { code, stderr } = await prepare(
		Object.fromEntries(names.map((name) => [name, "4711"])),
	);
	expect(code, stderr).toBe(0);
	expect(commandOf().env.sort()).toEqual(names.toSorted());
});

test.each([
	[0, "1"],
	[1, "0"],
])("docker buildx ends with %i: DOCKER_BUILDKIT=%s", async (code, kit) => {
	stubs().answer({ match: "^docker buildx version", code });
	expect((await prepare()).code).toBe(0);
	expect(stubs().calls("docker", "build")[0]?.env.DOCKER_BUILDKIT).toBe(kit);
});

test("a client without contexts: the usual socket", async () => {
	stubs().answer({ match: "^docker context", code: 1 });
	expect((await prepare()).code).toBe(0);
	expect(stubs().calls("docker", "run")[0]?.args).toContain(
		"type=bind,source=/var/run/docker.sock,target=/var/run/docker.sock",
	);
});

test("an engine that is not at the usual socket: that socket is mounted", async () => {
	const ended = await prepare({
		DOCKER_HOST: "unix:///run/user/1000/docker.sock",
	});
	expect(ended.code, ended.stderr).toBe(0);
	expect(stubs().calls("docker", "run")[0]?.args).toContain(
		"type=bind,source=/run/user/1000/docker.sock,target=/var/run/docker.sock",
	);
});
