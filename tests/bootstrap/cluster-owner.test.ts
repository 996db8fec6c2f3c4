/** Two clones on one machine that use the same name of a kind cluster. */
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "@fireworks/local-kafka";
import { expect, test } from "vitest";
import { useClone } from "./harness/use-clone.ts";

const { stubs, clone } = useClone();

/** A running cluster whose volume says who owns it. */
function cluster(name: string, workspace?: string): void {
	const labels = { "io.x-k8s.kind.cluster": name };
	stubs().docker = {
		images: [],
		containers: {
			[`${name}-control-plane`]: { state: "running", labels, image: "" },
		},
		volumes:
			workspace === undefined
				? {}
				: {
						[`fireworks-cluster-${name}`]: { "fireworks.workspace": workspace },
					},
	};
}

function remember(target: string, settings: Record<string, string>): void {
	mkdirSync(join(clone().root, ".fireworks"));
	const text = JSON.stringify({ version: 1, target, settings });
	writeFileSync(join(clone().root, ".fireworks/target.json"), text);
}

/** Runs on free ports. */
const bootstrap = async (words: string[], env: Record<string, string> = {}) =>
	clone().run(words, {
		path: [stubs().bin],
		env: {
			...env,
			FIREWORKS_DASHBOARD_PORT: String(await freePort()),
			FIREWORKS_MIDDLEWARE_PORT: String(await freePort()),
		},
	});
const up = (env?: Record<string, string>) => bootstrap(["up", "--detach"], env);

test("another clone's cluster: up says whose it is, and how to have one's own", async () => {
	cluster("fireworks", "/home/one/fireworks");
	const { code, stderr } = await up();
	expect(code).toBe(1);
	for (const text of [
		"belongs to another clone: /home/one/fireworks",
		"FIREWORKS_KIND_CLUSTER=",
		"FIREWORKS_DASHBOARD_PORT=",
		"FIREWORKS_MIDDLEWARE_PORT=",
	])
		expect(stderr).toContain(text);
	for (const verb of ["build", "run", "exec"])
		expect(stubs().calls("docker", verb)).toEqual([]);
});

test("with the names that it proposes, up goes on", async () => {
	cluster("fireworks", "/home/one/fireworks");
	const { stderr } = await up();
	const line = /`(FIREWORKS_KIND_CLUSTER=.*) sh bootstrap\.sh`/.exec(
		stderr,
	)?.[1];
	const env = Object.fromEntries(
		(line ?? "").split(" ").map((pair) => pair.split("=") as [string, string]),
	);
	expect(Object.keys(env)).toHaveLength(3);
	const again = await up(env);
	expect(again.code, again.stderr).toBe(0);
});

test("this clone's cluster: up goes on with it", async () => {
	cluster("fireworks", clone().root);
	const { code, stderr } = await up();
	expect(code, stderr).toBe(0);
});

test("a cluster without an owner: not adopted", async () => {
	cluster("fireworks");
	const { code, stderr } = await up();
	expect([code, stderr]).toEqual([
		1,
		expect.stringContaining("not made by Fireworks"),
	]);
});

test.each([
	["kind", {}, "fireworks", 0],
	["kind", { FIREWORKS_KIND_CLUSTER: "mine" }, "mine", 0],
	["kind", { FIREWORKS_KIND_CLUSTER: "mine" }, "fireworks", 1],
	["cluster", {}, "fireworks", 1],
])(
	"a cluster from before there was a volume, with the memory %s %j: up on %s ends with %i",
	async (target, settings, name, code) => {
		cluster(name);
		remember(target, settings);
		const ended = await up({ FIREWORKS_KIND_CLUSTER: name });
		expect(ended.code, ended.stderr).toBe(code);
	},
);

test("a cluster in a cloud is no kind cluster: nothing is asked", async () => {
	cluster("fireworks", "/home/one/fireworks");
	const words = ["up", "--detach", "--target", "cluster", "--context", "eks"];
	expect((await bootstrap(words)).code).toBe(0);
});

test("down leaves another clone's cluster, and says so; our devcontainer goes", async () => {
	expect((await up()).code).toBe(0);
	const [ours = ""] = Object.keys(stubs().docker.containers);
	const own = stubs().docker.containers[ours];
	cluster("fireworks", "/home/one/fireworks");
	const docker = stubs().docker;
	if (own !== undefined) docker.containers[ours] = own;
	stubs().docker = docker;
	stubs().forget();
	const { code, stdout } = await bootstrap(["down"]);
	expect([code, stdout]).toEqual([
		0,
		expect.stringContaining("another clone, /home/one/fireworks: it stays"),
	]);
	expect(Object.keys(stubs().docker.containers)).toEqual([
		"fireworks-control-plane",
	]);
	expect(
		stubs()
			.calls("docker", "exec")
			.filter(({ args }) => args.includes("down")),
	).toEqual([]);
});
