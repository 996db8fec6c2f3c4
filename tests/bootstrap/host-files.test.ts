/**
 * Settings and KUBECONFIG that name files of the host: the files are mounted, or rejected before
 * anything else.
 */
import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { BootstrapOptions } from "./harness/clone.ts";
import type { Call } from "./harness/stub.ts";
import { useClone } from "./harness/use-clone.ts";

const { stubs, clone } = useClone();

/**
 * `prepare` creates the same devcontainer as `up`, but does not check ports of this machine, which
 * other programs may use.
 */
const prepare = (options: BootstrapOptions, ...words: string[]) =>
	clone().run(["prepare", ...words], { path: [stubs().bin], ...options });

/** A file in the user's home. */
function own(name: string, text = "a: 1\n"): string {
	const path = join(clone().home, name);
	writeFileSync(path, text);
	return path;
}

const last = (verb: string): Call | undefined =>
	stubs().calls("docker", verb).at(-1);
const readOnly = (path: string) =>
	`type=bind,source=${path},target=${path},readonly`;
const kubeconfig = () =>
	last("run")?.args.find((arg) => arg.startsWith("KUBECONFIG="));

async function succeeds(options: BootstrapOptions, ...words: string[]) {
	const { code, stderr } = await prepare(options, ...words);
	expect(code, stderr).toBe(0);
}

test("a file outside of the clone is mounted read-only at its own path", async () => {
	const file = own("v.yaml");
	await succeeds({ env: { FIREWORKS_HELM_VALUES: file } });
	expect(last("run")?.args).toContain(readOnly(file));
	expect(last("exec")?.env.FIREWORKS_HELM_VALUES).toBe(file);
});

test("a list of files, some in the clone: relative paths are seen from the person's folder", async () => {
	const file = own("v.yaml");
	const inside = join(clone().root, "charts/fireworks/values.yaml");
	await succeeds({
		cwd: clone().home,
		env: { FIREWORKS_HELM_VALUES: `v.yaml, ${inside}` },
	});
	const args = last("run")?.args ?? [];
	expect(args).toContain(readOnly(file));
	expect(args.filter((arg) => arg.includes("values.yaml"))).toEqual([]);
	expect(last("exec")?.env.FIREWORKS_HELM_VALUES).toBe(`${file},${inside}`);
});

test.each([
	"FIREWORKS_METRONOME_DEVICES_FILE",
	"FIREWORKS_KAFKA_TLS_CA_FILE",
	"FIREWORKS_MIDDLEWARE_BEARER_TOKEN_FILE",
])("%s: a relative path in the clone", async (name) => {
	await succeeds({
		cwd: join(clone().root, "docs"),
		env: { [name]: "../README.md" },
	});
	const path = join(clone().root, "README.md");
	expect(last("exec")?.env[name]).toBe(path);
	expect(last("run")?.args).not.toContain(readOnly(path));
});

test("a path with comma, quote and colon", async () => {
	const file = own('a,"b":c.json');
	await succeeds({ env: { FIREWORKS_METRONOME_DEVICES_FILE: file } });
	const quoted = file.replaceAll('"', '""');
	expect(last("run")?.args).toContain(
		`type=bind,"source=${quoted}","target=${quoted}",readonly`,
	);
});

test.each(["FIREWORKS_HELM_VALUES", "FIREWORKS_METRONOME_DEVICES_FILE"])(
	"%s names a file that is not there: said before anything else",
	async (name) => {
		const { code, stderr } = await prepare({
			cwd: clone().home,
			env: { [name]: "absent.yaml" },
		});
		expect([code, stderr]).toEqual([
			78,
			expect.stringContaining(`${name} names ${clone().home}/absent.yaml`),
		]);
		expect(stderr).toContain("What to do");
		for (const verb of ["build", "run", "exec"])
			expect(stubs().calls("docker", verb)).toEqual([]);
	},
);

test("another file, or the same file written again, replaces the container; otherwise it stays", async () => {
	const file = own("v.yaml");
	const env = { FIREWORKS_HELM_VALUES: file };
	const runs = () => stubs().calls("docker", "run").length;
	await succeeds({});
	await succeeds({ env });
	expect(runs()).toBe(2);
	await succeeds({ env });
	expect(runs()).toBe(2);
	// Editors save a file as a new inode, which a mounted file does not follow.
	renameSync(own("new.yaml"), file);
	await succeeds({ env });
	expect(runs()).toBe(3);
});

test("a command that only reads never replaces the container", async () => {
	await succeeds({});
	const env = { FIREWORKS_HELM_VALUES: own("v.yaml") };
	const { code } = await clone().run(["status"], { path: [stubs().bin], env });
	expect(code).toBe(0);
	expect(stubs().calls("docker", "run")).toHaveLength(1);
});

test("KUBECONFIG unset: ~/.kube", async () => {
	mkdirSync(join(clone().home, ".kube"));
	await succeeds({});
	expect(last("run")?.args).toContain(
		`type=bind,source=${clone().home}/.kube,target=/host-kube,readonly`,
	);
	expect(kubeconfig()).toMatch(/:\/home\/node\/\.kube\/host$/);
});

test("KUBECONFIG: its files are mounted instead of ~/.kube", async () => {
	mkdirSync(join(clone().home, ".kube"));
	const [one, two] = [own("eks.yaml"), own("gke.yaml")];
	await succeeds({
		cwd: clone().home,
		env: { KUBECONFIG: `eks.yaml:/nowhere/config:${two}` },
	});
	const args = last("run")?.args ?? [];
	expect(args).toContain(readOnly(one));
	expect(args).toContain(readOnly(two));
	expect(args.join(" ")).not.toContain("/host-kube");
	expect(kubeconfig()).toBe(
		`KUBECONFIG=/home/node/.kube/config:/home/node/.kube/kind:${one}:${two}`,
	);
});

test("KUBECONFIG without any file, where a cluster is asked for: said before anything else", async () => {
	const { code, stderr } = await prepare(
		{ env: { KUBECONFIG: "/nowhere/eks.yaml" } },
		...["--target", "cluster", "--context", "eks"],
	);
	expect([code, stderr]).toEqual([
		78,
		expect.stringContaining("KUBECONFIG names /nowhere/eks.yaml"),
	]);
	expect(stubs().calls("docker", "build")).toEqual([]);
});
