/**
 * Adds the security headers to every page's response. It happens per request, because the nonce is
 * new each time, and the websocket's address is known only then.
 */
import { type NextRequest, NextResponse } from "next/server";
import {
	contentSecurityPolicy,
	FIXED_HEADERS,
	frameOptions,
} from "./src/server/security-headers.ts";
import { frameAncestors, websocketTargets } from "./src/server/settings.ts";
import { websocketSources } from "./src/server/websocket-target.ts";

export function proxy(request: NextRequest): NextResponse {
	const nonce = crypto.randomUUID();
	const { stream, compare } = websocketTargets();
	const hosts = ["host", "x-forwarded-host"].map((name) =>
		request.headers.get(name),
	);
	const ancestors = frameAncestors();
	const policy = contentSecurityPolicy(nonce, {
		websockets: [stream, ...(compare ? [compare] : [])].flatMap((target) =>
			websocketSources(target, hosts),
		),
		frameAncestors: ancestors,
		development: process.env.NODE_ENV === "development",
	});
	// Next reads the nonce for its own scripts from the request's policy. Our layout reads it from
	// x-nonce.
	const headers = new Headers(request.headers);
	headers.set("content-security-policy", policy);
	headers.set("x-nonce", nonce);
	const response = NextResponse.next({ request: { headers } });
	response.headers.set("content-security-policy", policy);
	const fixed = { ...FIXED_HEADERS, ...frameOptions(ancestors) };
	for (const [name, value] of Object.entries(fixed))
		response.headers.set(name, value);
	return response;
}

export const config = {
	matcher: "/((?!_next/static|livez|readyz).*)",
};
