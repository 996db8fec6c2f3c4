/** The page. */
import { text } from "../setting-types.ts";
import { port, setting } from "./setting.ts";

export const DASHBOARD_SETTINGS = {
	dashboardPort: setting(port(), "3000", "The page"),
	dashboardWebsocketUrl: setting(
		text(/^$|^wss?:\/\/\S+$/, "a ws:// or wss:// address"),
		"",
		"Websocket the page connects to; empty: port 8080 (the middleware's) of the page's own host",
	),
	dashboardCompareWebsocketUrl: setting(
		text(
			/^$|^:\d{1,5}$|^wss?:\/\/\S+$/,
			"a ws:// or wss:// address, or :port",
			(value) => !value.startsWith(":") || Number(value.slice(1)) <= 65_535,
		),
		"",
		"Websocket of a second engine's middleware, for the page's view Engines; :8090 is that port of the page's own host; empty: none",
	),
} as const;
