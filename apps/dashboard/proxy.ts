/** Every page's answer gets its security headers here: the nonce is new each time and the websockets' address is known only now. */
import { type NextRequest, NextResponse } from "next/server";
import {
	contentSecurityPolicy,
	FIXED_HEADERS,
} from "./src/server/security-headers.ts";
import { websocketTargets } from "./src/server/settings.ts";
import { websocketSources } from "./src/server/websocket-target.ts";

export function proxy(request: NextRequest): NextResponse {
	const nonce = crypto.randomUUID();
	const { stream, compare } = websocketTargets();
	const host = request.headers.get("host");
	const policy = contentSecurityPolicy(
		nonce,
		[stream, ...(compare ? [compare] : [])].flatMap((target) =>
			websocketSources(target, host),
		),
		process.env.NODE_ENV === "development",
	);
	// Next reads the nonce for its own scripts from the request's policy; our layout reads it from x-nonce.
	const headers = new Headers(request.headers);
	headers.set("content-security-policy", policy);
	headers.set("x-nonce", nonce);
	const response = NextResponse.next({ request: { headers } });
	response.headers.set("content-security-policy", policy);
	for (const [name, value] of Object.entries(FIXED_HEADERS))
		response.headers.set(name, value);
	return response;
}

export const config = {
	matcher: "/((?!_next/static|livez|readyz).*)",
};
