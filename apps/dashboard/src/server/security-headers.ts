/** What the browser must refuse. */

export interface PolicyOptions {
	websockets: readonly string[];
	/** Who may show the page in a frame: none, self, or origins. */
	frameAncestors: readonly string[];
	development: boolean;
}

/**
 * The page's policy: its own scripts and style sheets by nonce, nothing inline, nothing from other
 * origins; the websocket is the only connection. Plotly works under it: it sets styles through the
 * CSSOM, which no policy restricts, and puts its rules into the style element that the page
 * provides (app/layout.tsx). img-src blob: and data: are for exported pictures.
 */
export function contentSecurityPolicy(
	nonce: string,
	{ websockets, frameAncestors, development }: PolicyOptions,
): string {
	// React's development build evaluates strings for its messages, and Next reloads over a
	// websocket.
	const evaluation = development ? " 'unsafe-eval'" : "";
	return [
		"default-src 'none'",
		`script-src 'nonce-${nonce}' 'strict-dynamic'${evaluation}`,
		`style-src 'self' ${development ? "'unsafe-inline'" : `'nonce-${nonce}'`}`,
		"img-src 'self' blob: data:",
		"font-src 'self'",
		`connect-src 'self' ${websockets.join(" ")}`.trimEnd(),
		"base-uri 'none'",
		"form-action 'none'",
		`frame-ancestors ${frameAncestors.map(sourceOf).join(" ")}`,
		"manifest-src 'self'",
	].join("; ");
}

/** Keywords are quoted in a policy, and not in the setting. */
const sourceOf = (origin: string): string =>
	origin === "none" || origin === "self" ? `'${origin}'` : origin;

/** For browsers that do not know frame-ancestors. It cannot name an origin. */
export const frameOptions = (
	frameAncestors: readonly string[],
): Record<string, string> =>
	frameAncestors.includes("none") ? { "x-frame-options": "DENY" } : {};

export const FIXED_HEADERS: Readonly<Record<string, string>> = {
	"x-content-type-options": "nosniff",
	"referrer-policy": "no-referrer",
	"cross-origin-opener-policy": "same-origin",
	"permissions-policy":
		"camera=(), geolocation=(), microphone=(), payment=(), usb=()",
};
