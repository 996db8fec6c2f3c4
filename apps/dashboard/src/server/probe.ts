/**
 * The response to /livez and /readyz. The page's server depends on nothing, so it is alive and
 * ready whenever it answers. (The middleware reports its own health, and the page itself shows
 * whether it reaches the middleware.)
 */
export const probe = (): Response =>
	Response.json(
		{ status: "ok", service: "dashboard" },
		{ headers: { "cache-control": "no-store" } },
	);
