/** Which of a user's variables reach the install, the builds and the command. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { useFakeClone } from "./harness/use-clone.ts";

const { tools, clone } = useFakeClone();

test("settings of npm and pnpm: those of the network stay, those of the layout go", async () => {
	const stay = {
		npm_config_registry: "http://mirror.example/",
		NPM_CONFIG_CAFILE: "/ca.pem",
		npm_config_https_proxy: "http://proxy.example:3128",
		npm_config_store_dir: "/store",
		NPM_CONFIG_USERCONFIG: "/person/.npmrc",
		npm_config_strict_ssl: "false",
	};
	const go = {
		npm_config_production: "true",
		NPM_CONFIG_OMIT: "dev",
		npm_config_lockfile: "false",
		npm_config_package_lock: "false",
		npm_config_shared_workspace_lockfile: "false",
		npm_config_node_linker: "hoisted",
		npm_config_global: "true",
		npm_config_prefix: "/somewhere",
		npm_config_ignore_workspace: "true",
		npm_config_save_exact: "true",
		pnpm_config_node_linker: "pnp",
		PNPM_CONFIG_LOCKFILE: "false",
	};
	const { code, stderr } = await tools().run(clone(), ["verify-stream"], {
		env: { ...stay, ...go },
	});
	expect(code, stderr).toBe(0);
	const seen = tools().environment("env-of-pnpm");
	expect(seen).toMatchObject(stay);
	for (const name of Object.keys(go)) expect(seen).not.toHaveProperty(name);
});

test.each(["development", "production"])(
	"NODE_ENV=%s reaches neither install nor build",
	async (value) => {
		const { code, stderr } = await tools().run(clone(), ["verify-stream"], {
			env: { NODE_ENV: value },
		});
		expect(code, stderr).toBe(0);
		expect(tools().environment("env-of-pnpm")).not.toHaveProperty("NODE_ENV");
		expect(tools().environment()).not.toHaveProperty("NODE_ENV");
	},
);

test.each(["http_proxy", "HTTPS_PROXY"])(
	"%s: Node's own requests go through it, those to this machine do not",
	async (name) => {
		const { code, stderr } = await tools().run(clone(), ["verify-stream"], {
			env: { [name]: "http://proxy.example:3128", no_proxy: "intra.example" },
		});
		expect(code, stderr).toBe(0);
		expect(tools().environment()).toMatchObject({
			NODE_USE_ENV_PROXY: "1",
			no_proxy: "intra.example,localhost,127.0.0.1,::1",
			NO_PROXY: "intra.example,localhost,127.0.0.1,::1",
		});
	},
);

test("without a proxy nothing is set, and what a person said of Node's proxy holds", async () => {
	await tools().run(clone(), ["verify-stream"]);
	expect(tools().environment()).not.toHaveProperty("NODE_USE_ENV_PROXY");
	expect(tools().environment()).not.toHaveProperty("no_proxy");
	await tools().run(clone(), ["verify-stream"], {
		env: { http_proxy: "http://proxy.example:3128", NODE_USE_ENV_PROXY: "0" },
	});
	expect(tools().environment().NODE_USE_ENV_PROXY).toBe("0");
});

test("jars that do not come are waited for with a step's line, for a short time; `up` says why", async () => {
	tools().hangAt("jars");
	// No download progress: the stub writes into the cache all at once, and `du` reports no growth.
	tools().program("du", `echo "1 $3"`);
	const { code, stderr, stdout } = await tools().run(clone(), ["--local"]);
	expect(code, stderr).toBe(0);
	expect(stdout).toContain("… Fetching Kafka's jars");
	expect(stdout).toContain("fireworks up --local");
	for (const pid of tools().hanging()) expect(tools().hangs(pid)).toBe(false);
});

const remembered = () =>
	JSON.parse(
		readFileSync(join(clone().root, ".fireworks/target.json"), "utf8"),
	);

test("`--local` that fails before anything is up is remembered: the next words speak of the local system", async () => {
	tools().program("java", "exit 1");
	const { code } = await tools().run(clone(), ["--local"], {
		// With this option, no Java on this machine starts.
		env: { JAVA_TOOL_OPTIONS: "-javaagent:/gone.jar" },
	});
	expect(code).toBe(1);
	expect(remembered()).toEqual({
		version: 1,
		target: "local",
		context: null,
		making: null,
		settings: {},
	});
	// Docker answers from now on, but must not be called.
	tools().program("docker", `echo "$*" >>"$FAKE/docker-calls"; exit 0`);
	const next = await tools().run(clone(), ["doctor"]);
	expect(next.stdout).toContain("this clone has brought nothing up");
	expect(existsSync(join(tools().folder, "docker-calls"))).toBe(false);
});

test("a word that only looks or asks for help remembers nothing", async () => {
	for (const words of [["status"], ["--local", "--help"]]) {
		const { code, stderr } = await tools().run(clone(), words);
		expect(code, stderr).toBe(0);
	}
	expect(existsSync(join(clone().root, ".fireworks/target.json"))).toBe(false);
});
