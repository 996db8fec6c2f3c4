import { describe, expect, it } from "vitest";
import { lineColour } from "../src/chart/colours.ts";
import { isSameOrigin } from "../src/server/same-origin.ts";
import {
	contentSecurityPolicy,
	frameOptions,
} from "../src/server/security-headers.ts";
import {
	resolveWebsocketUrl,
	websocketSources,
	websocketTarget,
} from "../src/server/websocket-target.ts";

const page = (href: string) => new URL(href);

describe("the websocket's address", () => {
	const relayed = websocketTarget("", "/ws");

	it("is a path of the page's own address, by TLS where the page came by TLS", () => {
		expect(resolveWebsocketUrl(relayed, page("http://localhost:3000/"))).toBe(
			"ws://localhost:3000/ws",
		);
		expect(resolveWebsocketUrl(relayed, page("https://[::1]/"))).toBe(
			"wss://[::1]/ws",
		);
	});

	it("needs no second host name where each port has its own", () => {
		for (const host of [
			"name-3000.app.github.dev",
			"3000-name.ws-eu1.gitpod.io",
		]) {
			expect(resolveWebsocketUrl(relayed, page(`https://${host}/`))).toBe(
				`wss://${host}/ws`,
			);
			expect(websocketSources(relayed, ["localhost:3000", host])).toContain(
				`wss://${host}`,
			);
		}
	});

	it("is the one that was set", () => {
		const target = websocketTarget("wss://live.example.org/stream", "/ws");
		expect(resolveWebsocketUrl(target, page("http://x/"))).toBe(target.url);
		expect(websocketSources(target, ["x"])).toEqual(["wss://live.example.org"]);
	});

	it("may be a port of the page's own host", () => {
		const own = websocketTarget(":8090", "/ws");
		expect(resolveWebsocketUrl(own, page("http://localhost:3000/"))).toBe(
			"ws://localhost:8090/ws",
		);
		expect(websocketSources(own, ["h:3000"])).toContain("ws://h:8090");
		expect(websocketSources(own, ["[::1]:3000"])).toContain("ws://*:8090");
	});

	it("is allowed by the policy, for the host that was asked for and no text that is not a host", () => {
		expect(websocketSources(relayed, ["localhost:3000"])).toEqual([
			"ws://localhost:3000",
			"wss://localhost:3000",
		]);
		expect(websocketSources(relayed, ["[::1]:3000"])).toEqual([]);
		for (const host of [null, "", "a;script-src *", "a b", "*", "[x]"])
			expect(websocketSources(relayed, [host])).toEqual([]);
	});
});

it.each([
	["http://localhost:3000", { host: "localhost:3000" }, true],
	["http://localhost", { host: "LOCALHOST:80" }, true],
	["https://a.example", { host: "a.example" }, true],
	["https://a.example", { host: "a.example:443" }, true],
	["http://[::1]:3000", { host: "[0:0:0:0:0:0:0:1]:3000" }, true],
	[
		"https://name-3000.app.github.dev",
		{
			host: "localhost:3000",
			"x-forwarded-host": "name-3000.app.github.dev",
		},
		true,
	],
	["http://localhost:3001", { host: "localhost:3000" }, false],
	["https://a.example", { host: "a.example:80" }, false],
	["http://a.example.evil.example", { host: "a.example" }, false],
	["null", { host: "null" }, false],
	["", { host: "" }, false],
	["file://", { host: "" }, false],
	["http://a.example/path", { host: "a.example" }, false],
	["http://a.example", {}, false],
])(
	"a page at %s and a request to %o: same origin is %s",
	(origin, headers, same) => {
		expect(isSameOrigin(origin, headers)).toBe(same);
	},
);

it("the policy allows nothing inline and nothing from elsewhere", () => {
	const policy = contentSecurityPolicy("N", {
		websockets: ["ws://h:1"],
		frameAncestors: ["none"],
		development: false,
	});
	expect(policy).not.toMatch(/unsafe|\*|https?:/);
	expect(policy).toContain("connect-src 'self' ws://h:1;");
	expect(policy).toContain("frame-ancestors 'none'");
	expect(frameOptions(["none"])).toEqual({ "x-frame-options": "DENY" });
});

it("origins that may show the page in a frame are named, and the header that cannot is gone", () => {
	const frameAncestors = ["self", "https://wiki.example.org"];
	const policy = contentSecurityPolicy("N", {
		websockets: [],
		frameAncestors,
		development: false,
	});
	expect(policy).toContain("frame-ancestors 'self' https://wiki.example.org;");
	expect(frameOptions(frameAncestors)).toEqual({});
});

/** Relative luminance and contrast as WCAG 2 defines them. */
const luminance = (hex: string): number => {
	const [r = 0, g = 0, b = 0] = [1, 3, 5].map((i) => {
		const x = Number.parseInt(hex.slice(i, i + 2), 16) / 255;
		return x <= 0.04045 ? x / 12.92 : ((x + 0.055) / 1.055) ** 2.4;
	});
	return 0.2126 * r + 0.7152 * g + 0.0722 * b;
};
const contrast = (a: string, b: string): number => {
	const [low = 0, high = 0] = [luminance(a), luminance(b)].sort(
		(x, y) => x - y,
	);
	return (high + 0.05) / (low + 0.05);
};

it.each([
	["light", "#ffffff"],
	["dark", "#151a21"],
] as const)("every line stands out from the %s ground", (theme, ground) => {
	for (let slot = 0; slot < 50; slot++)
		expect(contrast(lineColour(slot, theme), ground)).toBeGreaterThan(3);
});
