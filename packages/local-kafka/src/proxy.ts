/**
 * The forward proxy of the environment: https_proxy, http_proxy, all_proxy and no_proxy, in lower
 * or upper case.
 *
 * Node's fetch ignores these variables unless NODE_USE_ENV_PROXY=1 was set before Node started.
 * Programs on this machine are always reached directly: no proxy can reach our loopback address.
 */
import * as http from "node:http";

type Environment = Readonly<Record<string, string | undefined>>;

export interface ProxySettings {
	http_proxy?: string;
	https_proxy?: string;
	no_proxy: string;
}

const ALWAYS_DIRECT = "localhost,127.0.0.1,::1,[::1]";

export function proxySettings(env: Environment): ProxySettings {
	const value = (name: string) => env[name] || env[name.toUpperCase()];
	const either = (name: string) => {
		const address = value(name) ?? value("all_proxy");
		if (!address) return {};
		return {
			[name]: address.includes("://") ? address : `http://${address}`,
		};
	};
	const except = value("no_proxy");
	return {
		...either("http_proxy"),
		...either("https_proxy"),
		no_proxy:
			except === "*" ? except : [except, ALWAYS_DIRECT].filter(Boolean).join(),
	};
}

/**
 * Runs the work while fetch uses the proxy of the environment. Throws the work's error, or
 * TypeError for an invalid address.
 */
export async function withProxy<T>(
	settings: ProxySettings,
	work: () => Promise<T>,
): Promise<T> {
	// Exists in Node 24.14 and later; bootstrap.sh fetches such a Node.
	const restore = http.setGlobalProxyFromEnv?.({ ...settings });
	try {
		return await work();
	} finally {
		restore?.();
	}
}

/** Advice for when `url` cannot be reached. It never shows the proxy's user name or password. */
export function proxyAdvice(settings: ProxySettings, url: string): string {
	const name = url.startsWith("http:") ? "http_proxy" : "https_proxy";
	const address = settings[name];
	if (address === undefined) return `No proxy is set: behind one, set ${name}`;
	const shown = URL.canParse(address) ? new URL(address).host : "(not a URL)";
	return `The proxy ${shown} is set by the environment (${name}, all_proxy; exceptions: no_proxy): check that it works`;
}
