/**
 * How the tools that the CLI starts use the proxies of the environment (HTTP_PROXY and the like).
 *
 * A company's proxy knows neither the nodes of a kind cluster nor the names of its services, so
 * requests to the cluster must never go there. Tools such as helm decide this by NO_PROXY, which is
 * extended for them here. The Kubernetes client in this process takes no proxy from the
 * environment. Both honour `proxy-url` of the kubeconfig: set it for a cluster that can only be
 * reached through a proxy.
 */
import { isIP } from "node:net";

type Environment = Readonly<NodeJS.ProcessEnv>;

/** Docker's predefined build arguments: a build may use them, and the image never keeps them. */
const PROXIES = ["HTTP_PROXY", "http_proxy", "HTTPS_PROXY", "https_proxy"];
const NO_PROXY = ["NO_PROXY", "no_proxy"];

const ALWAYS = ["localhost", "127.0.0.1", "::1", ".svc", ".cluster.local"];
const direct = new Set(ALWAYS);

/**
 * From now on, tools connect directly to these hosts, domains (".svc") and ranges ("10.96.0.0/16").
 */
export function reachDirectly(hosts: Iterable<string>): void {
	for (const host of hosts) if (host !== "") direct.add(host);
}

export const proxyIsSet = (env: Environment = process.env): boolean =>
	[...PROXIES, "ALL_PROXY", "all_proxy"].some((name) => env[name]);

/** The environment of a tool. NO_PROXY is extended only where a proxy is set. */
export function toolEnvironment(
	env: Environment = process.env,
	hosts: Iterable<string> = direct,
): NodeJS.ProcessEnv {
	if (!proxyIsSet(env)) return { ...env };
	const set = NO_PROXY.flatMap((name) => (env[name] ?? "").split(","));
	const all = new Set([...set.map((host) => host.trim()), ...hosts]);
	all.delete("");
	// "*" means no proxy at all, but only if it is the whole value.
	const value = all.has("*") ? "*" : [...all].join(",");
	return { ...env, ...Object.fromEntries(NO_PROXY.map((n) => [n, value])) };
}

/**
 * The same for what runs in containers (image builds, kind's nodes). A proxy on this machine's
 * loopback is left out: inside a container, that address is the container itself.
 */
export function containerEnvironment(
	env: Environment = process.env,
): NodeJS.ProcessEnv {
	const usable = Object.entries(env).filter(
		([name, value]) =>
			!/^(https?|all)_proxy$/i.test(name) || !isLoopback(value ?? ""),
	);
	return toolEnvironment(Object.fromEntries(usable));
}

/**
 * Arguments of `docker buildx bake`. They are passed by name only: the value may hold a password,
 * and would show in the list of processes.
 */
export const proxyBuildArgs = (env: Environment): string[] =>
	proxyIsSet(env)
		? [...PROXIES, ...NO_PROXY]
				.filter((name) => env[name])
				.map((name) => `--set=*.args.${name}`)
		: [];

function isLoopback(proxy: string): boolean {
	// Without a scheme, "proxy:3128" would be parsed as a URL of the scheme "proxy".
	const text = proxy.includes("://") ? proxy : `http://${proxy}`;
	if (!URL.canParse(text)) return false;
	const host = new URL(text).hostname.replace(/^\[|\]$/g, "");
	return (
		/(^|\.)localhost$/.test(host) ||
		(isIP(host) === 4 && host.startsWith("127.")) ||
		host === "::1"
	);
}
