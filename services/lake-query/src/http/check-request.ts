/** Who may ask: decided by a request's headers, before anything of it is done. */
import type { IncomingHttpHeaders } from "node:http";
import { bearerTokenOf, sameSecret } from "@fireworks/service-kit";
import { RequestRefused } from "./request-refused.ts";

export interface Access {
	/** Empty: no token is needed. */
	readonly bearerToken: string;
	/** The address that the service listens on. */
	readonly host: string;
}

const LOOPBACK = /^(?:127\.\d+\.\d+\.\d+|\[?::1\]?|localhost)$/i;

export const isLoopback = (host: string): boolean => LOOPBACK.test(host);

/** Throws RequestRefused. */
export function checkAccess(
	headers: IncomingHttpHeaders,
	{ bearerToken, host }: Access,
): void {
	if (bearerToken !== "") {
		const token = bearerTokenOf(headers.authorization);
		if (token === undefined || !sameSecret(token, bearerToken))
			throw new RequestRefused(
				"unauthorized",
				"a valid bearer token is needed: Authorization: Bearer",
			);
		return;
	}
	// A page that a person has open must not read from a service on the same machine. A picture or
	// script element sends no Origin, but it does send Sec-Fetch-Site.
	const site = headers["sec-fetch-site"];
	if (
		headers.origin !== undefined ||
		(site !== undefined && site !== "none" && site !== "same-origin")
	)
		throw new RequestRefused(
			"page-not-allowed",
			"a web page may ask only if the service has a bearer token",
		);
	// A page's own name can be made to lead here (DNS rebinding): then the browser sees one origin.
	if (isLoopback(host) && !isLoopback(hostNameOf(headers.host)))
		throw new RequestRefused(
			"host-not-allowed",
			"this service is asked by localhost, 127.0.0.1 or [::1] only",
		);
}

const hostNameOf = (host: string | undefined): string =>
	(host ?? "").replace(/:\d{1,5}$/, "");
