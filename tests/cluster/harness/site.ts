/**
 * Fireworks in a kind cluster as users have it: a fresh clone, `sh bootstrap.sh`, and the
 * devcontainer that this starts.
 */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { waitFor } from "../../harness/wait-for.ts";
import { type Ended, must, run } from "./command.ts";

const ROOT = fileURLToPath(new URL("../../..", import.meta.url));
const NAMESPACE = "fireworks";

export interface Part {
	name: string;
	pod: string | null;
	state: string;
	restarts: number;
}

export class ClusterSite {
	readonly folder: string;
	readonly cluster: string;
	readonly #environment: NodeJS.ProcessEnv;
	#container = "";

	private constructor(
		folder: string,
		cluster: string,
		extra: Readonly<Record<string, string>>,
	) {
		this.folder = folder;
		this.cluster = cluster;
		this.#environment = {
			...process.env,
			FIREWORKS_KIND_CLUSTER: cluster,
			...extra,
		};
	}

	/**
	 * A clone of what is committed. cluster: the name of its kind cluster, which no other test
	 * uses.
	 */
	static async clone(
		cluster: string,
		extra: Readonly<Record<string, string>> = {},
	): Promise<ClusterSite> {
		const folder = mkdtempSync(join(tmpdir(), "fireworks-cluster-"));
		await must("git", ["clone", "--quiet", ROOT, folder]);
		return new ClusterSite(folder, cluster, extra);
	}

	get context(): string {
		return `kind-${this.cluster}`;
	}

	bootstrap(words: readonly string[], timeoutMs = 900_000): Promise<Ended> {
		return run("sh", ["bootstrap.sh", ...words], {
			cwd: this.folder,
			env: this.#environment,
			timeoutMs,
		});
	}

	/**
	 * Runs `up --detach` with these options. If it fails, throws an error with the whole output.
	 * Prints the lines that contain times.
	 */
	async up(what: string, ...options: string[]): Promise<Ended> {
		const ended = await this.bootstrap([...options, "--detach"]);
		if (ended.code !== 0)
			throw new Error(`${what} ended with ${ended.code}:\n${ended.output}`);
		const steps = ended.output
			.split("\n")
			.filter((line) => /^✓ /.test(line) || line.startsWith("http"));
		console.log(
			`${what}: ${(ended.ms / 1_000).toFixed(0)} s\n${steps.join("\n")}`,
		);
		return ended;
	}

	/** Runs a command in the devcontainer, as its user's shell would. */
	async inside(command: string, timeoutMs = 120_000): Promise<Ended> {
		return run(
			"docker",
			[
				"exec",
				"--workdir",
				this.folder,
				await this.container(),
				"sh",
				"-c",
				command,
			],
			{ timeoutMs },
		);
	}

	async container(): Promise<string> {
		this.#container ||= (
			await must("docker", [
				"ps",
				"--quiet",
				"--filter",
				`label=fireworks.workspace=${this.folder}`,
			])
		).trim();
		if (this.#container === "") throw new Error("no devcontainer runs");
		return this.#container;
	}

	kubectl(args: string, input?: string): Promise<string> {
		return this.#tool("kubectl --context", args, input);
	}

	helm(args: string): Promise<string> {
		return this.#tool("helm --kube-context", args);
	}

	async #tool(tool: string, args: string, input?: string): Promise<string> {
		const command = `${tool} ${this.context} --namespace ${NAMESPACE} ${args}`;
		return must(
			"docker",
			[
				"exec",
				"--interactive",
				"--workdir",
				this.folder,
				await this.container(),
				"sh",
				"-c",
				command,
			],
			{ timeoutMs: 300_000, ...(input === undefined ? {} : { input }) },
		);
	}

	async status(): Promise<Part[]> {
		const { stdout } = await this.bootstrap(["status", "--json"], 120_000);
		return JSON.parse(stdout).parts;
	}

	/** Waits until all parts of the system run and all containers of each pod are ready. */
	async allRunning(timeoutMs = 180_000): Promise<Part[]> {
		return waitFor(
			"all parts to run",
			async () => {
				const parts = await this.status();
				const waiting = parts.filter((part) => part.state !== "running");
				if (waiting.length > 0) throw new Error(JSON.stringify(waiting));
				return parts;
			},
			timeoutMs,
		);
	}

	/** The pods of a part, by name. */
	async podsOf(part: string): Promise<string[]> {
		const names = await this.kubectl(
			`get pods -l app.kubernetes.io/component=${part} -o jsonpath='{.items[*].metadata.name}'`,
		);
		return names.trim().split(/\s+/).filter(Boolean);
	}

	/** Kills it like a failure of the node: without grace period or clean shutdown. */
	async kill(pod: string): Promise<void> {
		await this.kubectl(`delete pod ${pod} --grace-period=0 --force`);
	}

	/** Throws with the findings if the audit has any. */
	async auditClean(): Promise<string> {
		const { code, output } = await this.bootstrap(["audit"], 300_000);
		if (code !== 0) throw new Error(`audit ended with ${code}:\n${output}`);
		return output;
	}

	/** The images stay, because the next test builds them from the same sources. */
	async remove(): Promise<void> {
		const volumes = await must("docker", [
			"ps",
			"--all",
			"--filter",
			`label=fireworks.workspace=${this.folder}`,
			"--format",
			"{{.Names}}",
		]);
		await this.bootstrap(["down"], 300_000);
		for (const name of volumes.split("\n").filter(Boolean))
			await run("docker", ["volume", "rm", name]);
		rmSync(this.folder, { recursive: true, force: true });
	}
}
