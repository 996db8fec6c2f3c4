/** Settings of the page and its server, which relays the page's websocket to the middleware. */
import { list, text } from "../setting-types.ts";
import { file, port, secret, setting } from "./setting.ts";

/** A websocket's address as browsers see it. */
const websocket = () =>
	text(
		/^$|^:\d{1,5}$|^wss?:\/\/\S+$/,
		"a ws:// or wss:// address, or :port",
		(value) => !value.startsWith(":") || Number(value.slice(1)) <= 65_535,
	);
const middleware = () => text(/^$|^wss?:\/\/\S+$/, "a ws:// or wss:// address");

export const DASHBOARD_SETTINGS = {
	dashboardPort: setting({
		schema: port(),
		default: 3_000,
		tier: "common",
		chart: { setBy: "" },
		about: "Port of the page",
	}),
	dashboardWebsocketUrl: setting({
		schema: websocket(),
		default: "",
		tier: "tuning",
		chart: { value: "dashboard.websocketUrl" },
		about:
			"Websocket that the page connects to; :8080 is that port of the page's own host. Empty: /ws of the page's own address, which the page's server relays to the middleware",
	}),
	dashboardMiddlewareUrl: setting({
		schema: middleware(),
		default: "",
		tier: "tuning",
		chart: { setBy: "" },
		about:
			"Middleware that the page's server relays /ws to. Empty: ws://127.0.0.1:<FIREWORKS_MIDDLEWARE_PORT>/ws",
	}),
	dashboardLakeUrl: setting({
		schema: text(/^$|^https?:\/\/\S+$/, "an http:// or https:// address"),
		default: "",
		tier: "tuning",
		chart: "config",
		about:
			"Query service of the lake that the page's server relays /lake/ to, such as http://127.0.0.1:8086. Empty: the page shows nothing of the lake",
	}),
	dashboardFrameAncestors: setting({
		schema: list(
			/^(?:none|self|https?:\/\/(?:\*\.)?[a-zA-Z0-9.-]{1,253}(?::\d{1,5})?)$/,
			"none, self, or origins such as https://wiki.example.org",
		),
		default: ["none"],
		tier: "security",
		chart: "config",
		about:
			"Origins whose pages may show the page in a frame, separated by commas; self is the page's own origin. none: no page may",
	}),
	relaySecret: secret({
		tier: "security",
		chart: { setBy: "middleware.auth" },
		about:
			"Secret of the page's server and the middleware. With it, the middleware trusts the client addresses that the page's server reports, so limits apply to each browser and not to the page's server",
	}),
	relaySecretFile: file({
		tier: "security",
		chart: { setBy: "middleware.auth" },
		about: "File that holds the relay's secret. It is read at the start",
	}),
	dashboardCompareWebsocketUrl: setting({
		schema: websocket(),
		default: "",
		tier: "tuning",
		chart: "config",
		about:
			"Websocket of a second engine's middleware, for the page's view Engines; :8090 is that port of the page's own host. Empty: no second engine is shown, or the page's server relays its websocket",
	}),
	dashboardCompareMiddlewareUrl: setting({
		schema: middleware(),
		default: "",
		tier: "tuning",
		chart: "config",
		about:
			"A second engine's middleware that the page's server relays /compare/ws to. Empty: none",
	}),
} as const;
