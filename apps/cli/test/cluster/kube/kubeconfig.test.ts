import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as library from "@kubernetes/client-node";
import { expect, test, vi } from "vitest";
import { connect } from "../../../src/cluster/kube/client.ts";
import {
	describeFiles,
	kubeconfigFiles,
	readKubeconfig,
} from "../../../src/cluster/kube/kubeconfig.ts";
import { toolEnvironment } from "../../../src/proxy.ts";
import { tempFolder } from "../../support/temp.ts";

const folder = tempFolder();

/** A kubeconfig with one context, in which everything has this name. */
function file(name: string, server: string, more = ""): string {
	const path = join(folder, `${name}-${Math.random().toString(36).slice(2)}`);
	writeFileSync(
		path,
		`apiVersion: v1
kind: Config
clusters: [{name: ${name}, cluster: {server: "${server}"${more}}}]
users: [{name: ${name}, user: {}}]
contexts: [{name: ${name}, context: {cluster: ${name}, user: ${name}}}]
`,
	);
	return path;
}

/** Reads the files that KUBECONFIG names. */
function read(...files: string[]) {
	vi.stubEnv("KUBECONFIG", files.join(":"));
	try {
		return readKubeconfig(library, undefined);
	} finally {
		vi.unstubAllEnvs();
	}
}

test("several files: all their contexts; the first of two with the same name wins", () => {
	const config = read(
		file("a", "https://a.example"),
		file("b", "https://b.example"),
		file("a", "https://other.example"),
	);
	expect(config.getContexts().map((c) => c.name)).toEqual(["a", "b"]);
	expect(config.getCluster("a")?.server).toBe("https://a.example");
});

test("a file that does not exist, or a dangling link, is passed over as kubectl does", () => {
	const config = read(join(folder, "none"), file("a", "https://a.example"));
	expect(config.getContexts().map((c) => c.name)).toEqual(["a"]);
});

test("no file at all: the error names them", () => {
	const none = join(folder, "none");
	expect(() => read(none)).toThrow(
		`There is no kubeconfig: ${none} does not exist.`,
	);
});

test.each([
	["a folder", () => join(folder, "a-folder"), /EISDIR/],
	["no YAML", () => join(folder, "no-yaml"), /cannot be read as a kubeconfig/],
])("a file that cannot be read is named, in one line: %s", (_, path, says) => {
	mkdirSync(join(folder, "a-folder"), { recursive: true });
	writeFileSync(join(folder, "no-yaml"), "a: [\nb: }");
	const reading = () => read(file("a", "https://a.example"), path());
	expect(reading).toThrow(path());
	expect(reading).toThrow(says);
	expect(reading).not.toThrow(/\n/);
});

test("in the devcontainer, the host's file has the name that its user knows", () => {
	const files = kubeconfigFiles({
		KUBECONFIG:
			"/home/node/.kube/config:/x/kubeconfig.internal:/home/node/.kube/host",
	});
	expect(describeFiles(files)).toBe(
		"the kubeconfig of the host (~/.kube/config or KUBECONFIG)",
	);
});

test("without KUBECONFIG it is the file of the home folder", () => {
	expect(kubeconfigFiles({ HOME: "/home/me" })).toEqual([
		"/home/me/.kube/config",
	]);
});

test("a context that is in none of the files: the error names the contexts that there are", async () => {
	const kubeconfig = file("a", "https://a.example");
	await expect(connect({ kubeconfig, context: "b" })).rejects.toThrow(
		`There is no context "b" in ${kubeconfig}; there are: a.`,
	);
});

test("the API server is reached directly, unless the kubeconfig itself names a proxy for it", async () => {
	await connect({
		kubeconfig: file("a", "https://api-a.example:6443"),
		context: "a",
	});
	await connect({
		kubeconfig: file(
			"b",
			"https://api-b.example:6443",
			', proxy-url: "http://proxy.example:3128"',
		),
		context: "b",
	});
	const hosts = toolEnvironment({ https_proxy: "http://p:1" }).NO_PROXY?.split(
		",",
	);
	expect(hosts).toContain("api-a.example");
	expect(hosts).not.toContain("api-b.example");
});
