/** The page's settings, from the environment that its server was started in. */
import { parseSettings } from "@fireworks/contracts";
import type { WebsocketTarget } from "./websocket-target.ts";

const NAMES = ["dashboardWebsocketUrl", "middlewarePort"] as const;

/** Throws SettingsError with all problems; the server's start has checked it. */
export function websocketTarget(): WebsocketTarget {
	const { dashboardWebsocketUrl, middlewarePort } = parseSettings(
		process.env,
		NAMES,
	);
	return { url: dashboardWebsocketUrl, port: middlewarePort };
}
