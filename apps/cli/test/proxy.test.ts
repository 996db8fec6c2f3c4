import { expect, test } from "vitest";
import {
	containerEnvironment,
	proxyBuildArgs,
	reachDirectly,
	toolEnvironment,
} from "../src/proxy.ts";

const PROXY = "http://user:secret@proxy.example:3128";

test("without a proxy, the environment of a tool stays as it is", () => {
	const env = { PATH: "/bin", NO_PROXY: "a.example" };
	expect(toolEnvironment(env)).toEqual(env);
	expect(proxyBuildArgs(env)).toEqual([]);
});

test.each([
	"http_proxy",
	"HTTP_PROXY",
	"https_proxy",
	"HTTPS_PROXY",
	"ALL_PROXY",
])(
	"with %s, loopback and the cluster's domains are reached directly",
	(name) => {
		const env = toolEnvironment({ [name]: PROXY });
		expect(env[name]).toBe(PROXY);
		const hosts = (env.NO_PROXY ?? "").split(",");
		expect(hosts).toEqual(
			expect.arrayContaining([
				"localhost",
				"127.0.0.1",
				"::1",
				".svc",
				".cluster.local",
			]),
		);
		expect(env.no_proxy).toBe(env.NO_PROXY);
	},
);

test("what the user set in either spelling is kept, each host once, and more hosts are added", () => {
	const env = {
		https_proxy: PROXY,
		NO_PROXY: "a.example, b.example",
		no_proxy: "b.example,localhost",
	};
	const { NO_PROXY, no_proxy } = toolEnvironment(env, [
		"localhost",
		"fw-control-plane",
		"10.96.0.0/16",
	]);
	expect(NO_PROXY).toBe(
		"a.example,b.example,localhost,fw-control-plane,10.96.0.0/16",
	);
	expect(no_proxy).toBe(NO_PROXY);
});

test("no proxy for anything stays no proxy for anything", () => {
	const env = toolEnvironment({ https_proxy: PROXY, no_proxy: "*" });
	expect([env.NO_PROXY, env.no_proxy]).toEqual(["*", "*"]);
});

test("hosts that are learnt later are in the environment of the next tool", () => {
	const before = toolEnvironment({ http_proxy: PROXY }).NO_PROXY ?? "";
	expect(before).not.toContain("172.18.0.2");
	reachDirectly(["learnt-control-plane", "", "172.18.0.2", "fc00:f853::2"]);
	const hosts = toolEnvironment({ http_proxy: PROXY }).NO_PROXY?.split(",");
	expect(hosts).toEqual(
		expect.arrayContaining([
			"learnt-control-plane",
			"172.18.0.2",
			"fc00:f853::2",
		]),
	);
	expect(hosts).not.toContain("");
});

test("a build gets the proxies by name, so that no password shows in a list of processes", () => {
	const env = containerEnvironment({ https_proxy: PROXY, HTTP_PROXY: PROXY });
	const args = proxyBuildArgs(env);
	expect(args).toEqual([
		"--set=*.args.HTTP_PROXY",
		"--set=*.args.https_proxy",
		"--set=*.args.NO_PROXY",
		"--set=*.args.no_proxy",
	]);
	expect(args.join()).not.toContain("secret");
	expect(env.https_proxy).toBe(PROXY);
});

test.each([
	"http://127.0.0.1:3128",
	"127.9.9.9:3128",
	"localhost:3128",
	"http://localhost:3128/",
	"http://[::1]:3128",
])(
	"a container gets no proxy at %s, which would be the container itself",
	(url) => {
		const env = containerEnvironment({ http_proxy: url, https_proxy: url });
		expect(env).toEqual({});
		expect(proxyBuildArgs(env)).toEqual([]);
	},
);

test.each(["http://172.17.0.1:3128", "proxy:3128", "http://127.example:1"])(
	"a container gets the proxy at %s",
	(url) => {
		expect(containerEnvironment({ https_proxy: url }).https_proxy).toBe(url);
	},
);
