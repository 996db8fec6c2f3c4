/**
 * The answer to /livez and /readyz: the page's server depends on nothing, so it is alive and ready as long as it answers.
 * (The middleware's health is the middleware's: the page shows by itself whether it reaches it.)
 */
export const probe = (): Response =>
	Response.json(
		{ status: "ok", service: "dashboard" },
		{ headers: { "cache-control": "no-store" } },
	);
