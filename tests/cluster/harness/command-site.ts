/**
 * The CLI alone, without bootstrap.sh and devcontainer: a kind cluster of three nodes, and a home
 * of its own.
 */
import { existsSync, mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "@fireworks/local-kafka";
import { type Ended, must, run } from "./command.ts";

export const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
export const COMMAND = join(ROOT, "apps/cli/dist/main.js");
/** The clone's path as the CLI reports it. */
export const CLONE = realpathSync(ROOT).replace(/\/$/, "");

export class CommandSite {
	readonly cluster: string;
	readonly node: string;
	home = "";
	/** Its state folder. */
	state = "";
	env: NodeJS.ProcessEnv = {};
	middlewarePort = 0;

	/** cluster: the name of its kind cluster, which no other test uses. */
	constructor(cluster: string) {
		this.cluster = cluster;
		this.node = `${cluster}-control-plane`;
	}

	async open(): Promise<void> {
		this.home = mkdtempSync(join(tmpdir(), "fireworks-command-"));
		this.state = join(this.home, "state");
		this.middlewarePort = await freePort();
		this.env = {
			...process.env,
			// A shell that builds the devcontainer from a mirror exports such a variable; the CLI
			// ignores it.
			FIREWORKS_KIND_URL: "http://mirror.invalid/kind",
			HOME: this.home,
			// Where Docker's client and its plugins are configured.
			DOCKER_CONFIG:
				process.env.DOCKER_CONFIG ??
				join(process.env.HOME ?? "/root", ".docker"),
			KUBECONFIG: "",
			FIREWORKS_STATE_DIR: this.state,
			FIREWORKS_KIND_CLUSTER: this.cluster,
			FIREWORKS_KIND_NODES: "3",
			FIREWORKS_DASHBOARD_PORT: String(await freePort()),
			FIREWORKS_MIDDLEWARE_PORT: String(this.middlewarePort),
		};
	}

	async close(): Promise<void> {
		await this.fireworks(["down", "--target", "kind"]);
		rmSync(this.home, { recursive: true, force: true });
	}

	/** command: the CLI's bundle; default: this clone's. */
	fireworks(
		args: readonly string[],
		extra: Readonly<Record<string, string>> = {},
		command = COMMAND,
	): Promise<Ended> {
		return run(process.execPath, [command, ...args], {
			cwd: ROOT,
			env: { ...this.env, ...extra },
			timeoutMs: 900_000,
		});
	}

	/** The same, but throws an error with the whole output if the command fails. */
	async succeeds(...args: string[]): Promise<Ended> {
		const ended = await this.fireworks(args);
		if (ended.code !== 0)
			throw new Error(`${args.join(" ")}: ${ended.code}\n${ended.output}`);
		return ended;
	}

	/** Runs `up`, unless the system is already up. */
	async ensureUp(): Promise<void> {
		if (!existsSync(join(this.state, "kubeconfig")))
			await this.succeeds("up", "--target", "kind");
	}

	async ensureDown(): Promise<void> {
		if ((await this.nodes()) !== "")
			await this.succeeds("down", "--target", "kind");
	}

	/** The Docker volume that says which clone owns the cluster, with its label. */
	owner(): Promise<string> {
		return must("docker", [
			"volume",
			"ls",
			"--format",
			'{{.Name}} {{.Label "fireworks.workspace"}}',
			`--filter=name=^fireworks-cluster-${this.cluster}$`,
		]);
	}

	async revision(): Promise<string> {
		const { output } = await this.succeeds("doctor");
		return output.match(/revision \d+/)?.[0] ?? "none";
	}

	kubectl(...args: string[]): Promise<string> {
		return must(
			"kubectl",
			[
				`--kubeconfig=${join(this.state, "kubeconfig")}`,
				"--namespace=fireworks",
				...args,
			],
			{ timeoutMs: 300_000 },
		);
	}

	/** The names of its nodes' containers. */
	async nodes(): Promise<string> {
		const filter = `--filter=name=${this.node}`;
		const list = ["ps", "--all", "--format", "{{.Names}}", filter];
		return (await must("docker", list)).trim();
	}
}
