/** The command by itself, without bootstrap.sh and devcontainer: kind on this machine, from an interrupted start to nothing left. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import {
	existsSync,
	mkdtempSync,
	rmSync,
	statSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { freePort } from "@fireworks/local-kafka";
import { afterAll, beforeAll, expect, test } from "vitest";
import { waitFor } from "../harness/wait-for.ts";
import { withoutBuildSettings } from "./harness/build-settings.ts";
import { type Ended, must, run } from "./harness/command.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const COMMAND = join(ROOT, "apps/cli/dist/main.js");
const CLUSTER = "fireworks-command";
const NODE = `${CLUSTER}-control-plane`;

let home: string;
let state: string;
let env: NodeJS.ProcessEnv;
let middleware: number;

const fireworks = (
	words: readonly string[],
	extra: Readonly<Record<string, string>> = {},
): Promise<Ended> =>
	run(process.execPath, [COMMAND, ...words], {
		cwd: ROOT,
		env: { ...env, ...extra },
		timeoutMs: 900_000,
	});

async function succeeds(...words: string[]): Promise<Ended> {
	const ended = await fireworks(words);
	if (ended.code !== 0)
		throw new Error(`${words.join(" ")}: ${ended.code}\n${ended.output}`);
	return ended;
}

const kubectl = (...args: string[]): Promise<string> =>
	must("kubectl", [
		`--kubeconfig=${join(state, "kubeconfig")}`,
		"--namespace=fireworks",
		...args,
	]);

beforeAll(async () => {
	home = mkdtempSync(join(tmpdir(), "fireworks-command-"));
	state = join(home, "state");
	middleware = await freePort();
	env = {
		...withoutBuildSettings(process.env),
		HOME: home,
		// Where Docker's client and its plugins are set up.
		DOCKER_CONFIG:
			process.env.DOCKER_CONFIG ?? join(process.env.HOME ?? "/root", ".docker"),
		KUBECONFIG: "",
		FIREWORKS_STATE_DIR: state,
		FIREWORKS_KIND_CLUSTER: CLUSTER,
		FIREWORKS_DASHBOARD_PORT: String(await freePort()),
		FIREWORKS_MIDDLEWARE_PORT: String(middleware),
	};
});

afterAll(async () => {
	await fireworks(["down", "--target", "kind"]);
	rmSync(home, { recursive: true, force: true });
}, 300_000);

const nodes = async (): Promise<string> =>
	must("docker", [
		"ps",
		"--all",
		"--format",
		"{{.Names}}",
		`--filter=name=${NODE}`,
	]);

test("Ctrl-C while the cluster is made, and another `up` goes on from there", async () => {
	const first = spawn(process.execPath, [COMMAND, "up", "--target", "kind"], {
		cwd: ROOT,
		env,
		stdio: "ignore",
	});
	const ended = once(first, "exit");
	await waitFor(
		"the node to be made",
		async () => {
			if (first.exitCode !== null)
				throw new Error(`up ended with ${first.exitCode}`);
			return (await nodes()).trim() !== "";
		},
		180_000,
	);
	first.kill("SIGINT");
	expect(await ended).toEqual([130, null]);
	// No target is named: the one that was begun is known.
	const { output, ms } = await succeeds("up");
	console.log(
		`up after an interrupted one: ${(ms / 1_000).toFixed(0)} s\n${output.replace(/^….*\n/gm, "")}`,
	);
	expect(output).toMatch(/events arrive, and the page answers/);
}, 900_000);

test("a second `up` changes nothing", async () => {
	const podsNow = async () =>
		JSON.parse((await succeeds("status", "--json")).stdout).parts.map(
			(part: { pod: string }) => part.pod,
		);
	const pods = await podsNow();
	const { output, ms } = await succeeds("up");
	console.log(`up with nothing to do: ${(ms / 1_000).toFixed(1)} s`);
	expect(output).toMatch(/revision \d+, unchanged/);
	expect(await podsNow()).toEqual(pods);
});

test("status, logs and doctor tell of the pods", async () => {
	const { target, parts } = JSON.parse(
		(await succeeds("status", "--json")).stdout,
	);
	expect(target).toBe("kind");
	expect(parts).toEqual(
		["kafka", "metronome", "processor", "middleware", "dashboard"].map(
			(name) => ({
				name,
				pid: null,
				pod: expect.stringContaining(`fireworks-${name}`),
				state: "running",
				restarts: expect.any(Number),
				ports: { [name === "kafka" ? "kafka" : "http"]: expect.any(Number) },
			}),
		),
	);
	const [line = ""] = (
		await succeeds("logs", "processor", "-n", "1")
	).stdout.split("\n");
	expect(JSON.parse(line)).toMatchObject({ service: "processor" });
	expect((await succeeds("status")).output).toMatch(/processor .*records\/s/);
	expect((await succeeds("doctor")).output).toMatch(
		/release: fireworks, revision/,
	);
});

test("the audit runs in the cluster, and leaves no Job behind", async () => {
	const { stdout } = await succeeds("audit", "--json");
	expect(JSON.parse(stdout)).toMatchObject({ result: "clean", clean: true });
	await waitFor("the audit's pod to be gone", async () => {
		const left = await kubectl(
			"get",
			"jobs,pods",
			"--selector=app.kubernetes.io/component=audit",
			"--output=name",
		);
		if (left.trim() !== "") throw new Error(left);
		return true;
	});
});

test("the stream is fresh and true, and with another seed it would not be", async () => {
	const words = [
		"verify-stream",
		"--url",
		`ws://127.0.0.1:${middleware}/ws`,
		"--seconds",
		"3",
		"--json",
	];
	expect(JSON.parse((await succeeds(...words)).stdout)).toMatchObject({
		result: "clean",
		devices: 5,
	});
	const other = await fireworks(words, { FIREWORKS_SEED: "1" });
	expect(other.code).toBe(1);
	expect(JSON.parse(other.stdout).result).toBe("findings");
});

test("a part that crashes is named, with its last words; what ran goes on, and the next `up` mends it", async () => {
	const values = join(home, "broken.yaml");
	writeFileSync(values, "middleware: { nodeOptions: --no-such-option }\n");
	const broken = await fireworks(["up", "--timeout", "45"], {
		FIREWORKS_HELM_VALUES: values,
	});
	expect(broken.code).toBe(1);
	expect(broken.output).toMatch(/middleware \(pod .*ended with exit code 9/);
	expect(broken.output).toMatch(
		/Last lines of .*\n.*--no-such-option is not allowed/,
	);
	const words = [
		"verify-stream",
		"--url",
		`ws://127.0.0.1:${middleware}/ws`,
		"--seconds",
		"3",
	];
	await succeeds(...words);
	await succeeds("up");
}, 600_000);

test("the person's own kubeconfig was never written, and ours is for its owner only", () => {
	expect(existsSync(join(home, ".kube", "config"))).toBe(false);
	expect(statSync(join(state, "kubeconfig")).mode & 0o777).toBe(0o600);
});

test("`down` leaves nothing behind", async () => {
	await succeeds("down");
	expect((await nodes()).trim()).toBe("");
	expect(existsSync(join(state, "kubeconfig"))).toBe(false);
	expect(existsSync(join(state, "target.json"))).toBe(false);
	const { parts } = JSON.parse(
		(await succeeds("status", "--json", "--target", "kind")).stdout,
	);
	expect(new Set(parts.map((part: { state: string }) => part.state))).toEqual(
		new Set(["stopped"]),
	);
});
