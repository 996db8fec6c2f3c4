/** Checks that a websocket comes from our own page: the relay refuses pages of other origins. */
import type { IncomingHttpHeaders } from "node:http";

/**
 * A page is ours if its origin has the host that the request was sent to. A proxy may have replaced
 * that host (Codespaces does). Then the original is in X-Forwarded-Host, which a page cannot set.
 */
export function isSameOrigin(
	origin: string,
	headers: IncomingHttpHeaders,
): boolean {
	const page = URL.parse(origin);
	if (page === null || !/^https?:$/.test(page.protocol)) return false;
	if (page.origin !== origin) return false;
	return [headers.host, headers["x-forwarded-host"]]
		.flatMap((hosts) => String(hosts ?? "").split(","))
		.some((host) => hostOf(host.trim(), page.protocol) === page.host);
}

/** The host as an origin writes it: in lower case, without the protocol's default port. */
const hostOf = (host: string, protocol: string): string | undefined =>
	host === "" ? undefined : URL.parse(`${protocol}//${host}`)?.host;
