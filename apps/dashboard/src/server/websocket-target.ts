/**
 * Where the page finds its middleware. This is known only when the page is requested, as one build
 * serves every environment.
 *
 * If no address is set, the websocket is at a path of the page's own address, and the page's server
 * relays it. Then one host name and one port are enough, even where each port has its own host name
 * (Codespaces, Gitpod). The browser fills in the host name and whether TLS is used: a server behind
 * proxies does not know them.
 */
export interface WebsocketTarget {
	/** ws(s)://…, or empty: the page's own host. */
	url: string;
	/** A port of the page's own host; undefined: the page's own port. */
	port: number | undefined;
	/** The path at the page's own host. */
	path: string;
}

/**
 * text: a whole address, `:8080` for that port of the page's own host, or empty for the relay at
 * `path`.
 */
export const websocketTarget = (
	text: string,
	path: string,
): WebsocketTarget => {
	if (text === "") return { url: "", port: undefined, path };
	return text.startsWith(":")
		? { url: "", port: Number(text.slice(1)), path: "/ws" }
		: { url: text, port: undefined, path: "" };
};

const HOST = /^(?:[a-zA-Z0-9.-]{1,253}|\[[0-9a-fA-F:.]{2,45}\])(?::\d{1,5})?$/;

/** The address to connect to, for a page at `location`. */
export function resolveWebsocketUrl(
	{ url, port, path }: WebsocketTarget,
	location: { protocol: string; hostname: string; host: string },
): string {
	if (url) return url;
	const scheme = location.protocol === "https:" ? "wss" : "ws";
	const host =
		port === undefined ? location.host : `${location.hostname}:${port}`;
	return `${scheme}://${host}${path}`;
}

/**
 * The sources that a Content-Security-Policy must allow besides 'self'. hosts: of the request,
 * which any client can forge.
 *
 * A policy cannot express an IPv6 address. For the page's own port 'self' covers it. For another
 * port the policy allows that port of any host.
 */
export function websocketSources(
	{ url, port }: WebsocketTarget,
	hosts: readonly (string | null)[],
): string[] {
	if (url) {
		const { protocol, host: origin } = new URL(url);
		return [`${protocol}//${origin}`];
	}
	const sources = hosts.flatMap((host) => {
		if (!host || !HOST.test(host)) return [];
		const isIpv6 = host.startsWith("[");
		if (isIpv6 && port === undefined) return [];
		const bare = isIpv6 ? "*" : host.replace(/:\d+$/, "");
		const name = port === undefined ? host : `${bare}:${port}`;
		return [`ws://${name}`, `wss://${name}`];
	});
	return [...new Set(sources)];
}
