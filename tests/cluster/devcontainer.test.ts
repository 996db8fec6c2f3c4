/**
 * .devcontainer/devcontainer.json as VS Code uses it, through @devcontainers/cli: up and exec, as a
 * user whose uid is not root. Also kubectl to a remote cluster, with the host's kubeconfig. The
 * remote cluster is a kind cluster whose API is published on Docker's bridge.
 */
import { execFileSync } from "node:child_process";
import {
	mkdirSync,
	mkdtempSync,
	readFileSync,
	renameSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "@fireworks/local-kafka";
import { afterAll, beforeAll, expect, test } from "vitest";
import { type Ended, must, run } from "./harness/command.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const CLI = join(
	dirname(
		createRequire(import.meta.url).resolve("@devcontainers/cli/package.json"),
	),
	"devcontainer.js",
);
const CLOUD = "fw-cloud";
/** The user: not root, so files and sockets must be shared properly. */
const OWNER = process.getuid?.() || 1000;

let folder: string;
let home: string;
let cloudConfig: string;

const devcontainer = (...words: string[]): Promise<Ended> =>
	run(process.execPath, [CLI, ...words], {
		cwd: folder,
		env: { ...process.env, HOME: home, FIREWORKS_KIND_CLUSTER: "fw-none" },
		timeoutMs: 500_000,
	});
const inside = (command: string): Promise<Ended> =>
	devcontainer("exec", "--workspace-folder", folder, "sh", "-c", command);
const succeeds = async (command: string): Promise<string> => {
	const { code, stdout, output } = await inside(command);
	expect(code, output).toBe(0);
	return stdout.trim();
};
const containers = async (): Promise<string[]> =>
	(
		await must("docker", [
			"ps",
			"--all",
			"--quiet",
			"--filter",
			`label=fireworks.workspace=${folder}`,
		])
	)
		.split("\n")
		.filter(Boolean);

/**
 * Creates the remote cluster with the devcontainer's kind, so this host needs none. Then moves its
 * kubeconfig to the user's usual place.
 */
async function createCloud(): Promise<void> {
	const bridge = await succeeds("ip -4 route show default | cut -d' ' -f3");
	const config = `{kind: Cluster, apiVersion: kind.x-k8s.io/v1alpha4, networking: {apiServerAddress: "${bridge}", apiServerPort: ${await freePort()}}}`;
	await succeeds(
		`printf '%s' '${config}' | kind create cluster --name ${CLOUD} --wait 120s --kubeconfig cloud.yaml --config - && kubectl --kubeconfig cloud.yaml config rename-context kind-${CLOUD} cloud`,
	);
	renameSync(join(folder, "cloud.yaml"), cloudConfig);
}

beforeAll(async () => {
	// A comma separates the fields of a mount.
	folder = mkdtempSync(join(tmpdir(), "fireworks,devcontainer-"));
	home = mkdtempSync(join(tmpdir(), "fireworks-home-"));
	await must("git", ["clone", "--quiet", ROOT, folder]);
	mkdirSync(join(home, ".kube"));
	cloudConfig = join(home, ".kube/config");
	// Folders that belong to that user, as on any host.
	execFileSync("chown", ["-R", `${OWNER}:${OWNER}`, folder, home]);
	const { code, output } = await devcontainer(
		"up",
		// It would start the system by running bootstrap.sh in the devcontainer, which
		// system.test.ts covers.
		"--skip-post-attach",
		"--workspace-folder",
		folder,
	);
	expect(code, output).toBe(0);
	await createCloud();
});
afterAll(async () => {
	if (cloudConfig !== undefined)
		await inside(
			`kind delete cluster --name ${CLOUD} --kubeconfig /tmp/unused`,
		);
	for (const id of await containers()) {
		const volume = (
			await must("docker", [
				"inspect",
				"--format",
				'{{range .Mounts}}{{if eq .Type "volume"}}{{.Name}}{{end}}{{end}}',
				id,
			])
		).trim();
		await must("docker", ["rm", "--force", id]);
		await must("docker", ["volume", "rm", volume]);
	}
	rmSync(folder, { recursive: true, force: true });
	rmSync(home, { recursive: true, force: true });
});

test("the tools are there, Docker is the host's, files belong to the person, paths are the host's", async () => {
	expect(await succeeds("id -u")).toBe(String(OWNER));
	expect(await succeeds("pwd")).toBe(folder);
	await succeeds(
		"kind version && helm version --short && kubectl version --client && pnpm --version && java -version && docker buildx version",
	);
	expect(await succeeds("node --version")).toMatch(/^v24\./);
	const [id] = await containers();
	expect(await succeeds("docker ps --quiet")).toContain(id);
	await succeeds("touch made-inside");
	expect(statSync(join(folder, "made-inside")).uid).toBe(OWNER);
	// Paths are the same as on the host: a container started from here sees the same file.
	expect(
		await succeeds(
			"docker run --rm --entrypoint ls -v $PWD:/there $(docker inspect --format '{{.Image}}' " +
				id +
				") /there",
		),
	).toContain("made-inside");
});

test("postCreate has prepared the project: a word answers at once", async () => {
	const { code, output } = await inside("sh bootstrap.sh status --json");
	expect(code, output).toBe(0);
	expect(output).not.toContain("Installing");
});

test("a second up changes nothing", async () => {
	const before = await containers();
	expect(
		(
			await devcontainer(
				"up",
				"--skip-post-attach",
				"--workspace-folder",
				folder,
			)
		).code,
	).toBe(0);
	expect(await containers()).toEqual(before);
});

test("the host's context is there to be named, and never the default", async () => {
	expect(await succeeds("kubectl config get-contexts --output name")).toContain(
		"cloud",
	);
	expect(
		await succeeds("kubectl --context cloud get nodes --output name"),
	).toBe(`node/${CLOUD}-control-plane`);
	// No context was chosen and there is no cluster of our own. This must be an error, or the
	// command could use a user's production cluster.
	expect(await succeeds("kubectl config current-context")).toBe("kind-fw-none");
	const { code, output } = await inside("kubectl get nodes");
	expect(code).not.toBe(0);
	expect(output).toContain("kind-fw-none");
});

test("what kubectl writes goes into its own file; the host's cannot be written", async () => {
	const before = readFileSync(cloudConfig, "utf8");
	await succeeds("kubectl config use-context cloud && kubectl get nodes");
	await succeeds(
		"kubectl config set-context elsewhere --cluster kind-fw-cloud",
	);
	expect((await inside("echo broken > /host-kube/config")).code).not.toBe(0);
	expect(readFileSync(cloudConfig, "utf8")).toBe(before);
	await succeeds(
		"kubectl config use-context kind-fw-none || kubectl config set current-context kind-fw-none",
	);
});

test("up and down touch no context that was not named", async () => {
	const nodes = await succeeds(
		"kubectl --context cloud get namespaces --output name",
	);
	const down = await inside("sh bootstrap.sh down");
	expect(down.code, down.output).toBe(0);
	const up = await inside("sh bootstrap.sh up --target cluster --detach");
	expect(up.code, up.output).not.toBe(0);
	expect(up.output).toContain("--context");
	expect(
		await succeeds("kubectl --context cloud get namespaces --output name"),
	).toBe(nodes);
});

test("a host without a kubeconfig, or with one that the person may not read: kubectl works all the same", async () => {
	const [id = ""] = await containers();
	const restart = async () => {
		await must("docker", ["restart", "--time", "2", id]);
		return succeeds("kubectl config get-contexts --output name || echo failed");
	};
	const text = readFileSync(cloudConfig);
	rmSync(cloudConfig);
	expect(await restart()).not.toContain("failed");
	writeFileSync(cloudConfig, text, { mode: 0o600 });
	execFileSync("chown", ["0:0", cloudConfig]);
	expect(await restart()).not.toContain("failed");
	execFileSync("chown", [`${OWNER}:${OWNER}`, cloudConfig]);
	expect(await restart()).toContain("cloud");
});
