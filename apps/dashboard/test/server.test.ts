import { describe, expect, it } from "vitest";
import { lineColour } from "../src/chart/colours.ts";
import { contentSecurityPolicy } from "../src/server/security-headers.ts";
import {
	portTarget,
	resolveWebsocketUrl,
	websocketSources,
} from "../src/server/websocket-target.ts";

const page = (href: string) => new URL(href);

describe("the websocket's address", () => {
	it("is the page's own host at the middleware's port, by TLS where the page came by TLS", () => {
		const target = { url: "", port: 8080 };
		expect(resolveWebsocketUrl(target, page("http://localhost:3000/"))).toBe(
			"ws://localhost:8080/ws",
		);
		expect(resolveWebsocketUrl(target, page("https://[::1]/"))).toBe(
			"wss://[::1]:8080/ws",
		);
	});

	it("is the one that was set", () => {
		const target = { url: "wss://live.example.org/stream", port: 8080 };
		expect(resolveWebsocketUrl(target, page("http://x/"))).toBe(target.url);
		expect(websocketSources(target, "x")).toEqual(["wss://live.example.org"]);
	});

	it("of a second engine may be a port of the page's own host", () => {
		const own = portTarget(":8090");
		expect(resolveWebsocketUrl(own, page("http://localhost:3000/"))).toBe(
			"ws://localhost:8090/ws",
		);
		expect(websocketSources(own, "h:3000")).toContain("ws://h:8090");
		const { url } = portTarget("wss://python.example.org/ws");
		expect(url).toBe("wss://python.example.org/ws");
	});

	it("is allowed by the policy, for the host that was asked for and no text that is none", () => {
		const target = { url: "", port: 8080 };
		expect(websocketSources(target, "localhost:3000")).toEqual([
			"ws://localhost:8080",
			"wss://localhost:8080",
		]);
		for (const host of [null, "", "a;script-src *", "a b", "*", "[x]"])
			expect(websocketSources(target, host)).toEqual([]);
	});
});

it("the policy allows nothing inline and nothing from elsewhere", () => {
	const policy = contentSecurityPolicy("N", ["ws://h:1"], false);
	expect(policy).not.toMatch(/unsafe|\*|https?:/);
	expect(policy).toContain("connect-src 'self' ws://h:1;");
	expect(policy).toContain("frame-ancestors 'none'");
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
