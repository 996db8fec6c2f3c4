/**
 * A proxy in the environment: builds and the devcontainer use it, but requests to the cluster never
 * do.
 */
import { expect, test } from "vitest";
import type { Call } from "./harness/stub.ts";
import { useClone } from "./harness/use-clone.ts";

const PROXY = "http://name:secret@proxy.example.com:3128";
const { stubs, clone } = useClone();

async function up(env: Record<string, string>): Promise<string> {
	const ended = await clone().run(["prepare"], {
		path: [stubs().bin],
		env,
	});
	expect(ended.code, ended.stderr).toBe(0);
	return ended.stderr;
}

const after = (call: Call | undefined, option: string): string[] =>
	(call?.args ?? []).flatMap((arg, i, all) =>
		all[i - 1] === option ? [arg] : [],
	);
const build = () => stubs().calls("docker", "build").at(-1);
const command = () => stubs().calls("docker", "exec").at(-1);
const BOTH = [
	...["http_proxy", "HTTP_PROXY", "https_proxy", "HTTPS_PROXY"],
	...["no_proxy", "NO_PROXY"],
];

test.each([
	{ http_proxy: PROXY, https_proxy: PROXY, no_proxy: "intranet" },
	{ HTTP_PROXY: PROXY, HTTPS_PROXY: PROXY, NO_PROXY: "intranet" },
])("both spellings, by name: %j", async (env) => {
	await up(env);
	expect(after(build(), "--build-arg")).toEqual(BOTH);
	expect(after(command(), "--env").sort()).toEqual(BOTH.toSorted());
	for (const call of [build(), command()])
		for (const name of BOTH)
			expect(call?.env[name], name).toMatch(
				name.toLowerCase() === "no_proxy" ? /^intranet,/ : PROXY,
			);
	for (const { args } of stubs().calls())
		expect(args.join(" ")).not.toContain("secret");
});

test("the cluster's names and ranges are never asked of it", async () => {
	stubs().answer({
		match: "network inspect .* kind$",
		stdout: "172.30.0.0/16 fc00:f853:ccd:e793::/64 \n",
	});
	await up({ https_proxy: PROXY, FIREWORKS_KIND_CLUSTER: "mine" });
	const direct = command()?.env.no_proxy?.split(",");
	expect(direct).toEqual(
		expect.arrayContaining([
			...["localhost", "127.0.0.1", ".svc", ".cluster.local"],
			...["mine-control-plane", "mine-worker", "mine-worker8"],
			...["172.30.0.0/16", "fc00:f853:ccd:e793::/64"],
			...["10.96.0.0/16", "10.244.0.0/16"],
		]),
	);
});

test("no proxy: no argument, no variable", async () => {
	await up({ no_proxy: "" });
	expect(after(build(), "--build-arg")).toEqual([]);
	expect(after(command(), "--env")).toEqual([]);
});

test.each([
	"127.0.0.1:3128",
	"localhost:3128",
	"u:p@127.0.0.1:3128",
	"[::1]:3128",
])(
	"a proxy on this machine's loopback (%s) is left out, and said in one line",
	async (address) => {
		const said = await up({ https_proxy: `http://${address}` });
		expect(said.match(/^! https_proxy is .*loopback.*$/gm)).toHaveLength(1);
		expect(said).not.toContain("u:p@");
		expect(after(build(), "--build-arg")).toEqual([]);
		expect(after(command(), "--env")).toEqual([]);
	},
);
