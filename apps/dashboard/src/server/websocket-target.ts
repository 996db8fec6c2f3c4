/**
 * Where the page finds its middleware: known only when it is asked for, since one build serves every environment.
 *
 * With no address set it is the page's own host at the middleware's port. Which host that is, and whether by TLS, the browser knows better
 * than a server behind proxies: so the page gets the port and works the rest out (resolveWebsocketUrl).
 */
export interface WebsocketTarget {
	/** ws(s)://…, or empty: the page's host. */
	url: string;
	port: number;
}

/** `:8090` is that port of the page's own host; anything else a whole address. */
export const portTarget = (text: string): WebsocketTarget =>
	text.startsWith(":")
		? { url: "", port: Number(text.slice(1)) }
		: { url: text, port: 0 };

const HOST = /^(?:[a-zA-Z0-9.-]{1,253}|\[[0-9a-fA-F:.]{2,45}\])(?::\d{1,5})?$/;

/** The address to connect to, from a page at `location`. */
export function resolveWebsocketUrl(
	{ url, port }: WebsocketTarget,
	location: { protocol: string; hostname: string },
): string {
	if (url) return url;
	const scheme = location.protocol === "https:" ? "wss" : "ws";
	return `${scheme}://${location.hostname}:${port}/ws`;
}

/** What a Content-Security-Policy must let the page connect to. host: of the request, which anyone may forge. */
export function websocketSources(
	{ url, port }: WebsocketTarget,
	host: string | null,
): string[] {
	if (url) {
		const { protocol, host: origin } = new URL(url);
		return [`${protocol}//${origin}`];
	}
	if (!host || !HOST.test(host)) return [];
	const name = host.replace(/:\d+$/, "");
	return [`ws://${name}:${port}`, `wss://${name}:${port}`];
}
