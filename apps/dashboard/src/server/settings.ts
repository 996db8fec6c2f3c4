/** The page's settings, from the environment that its server was started in. */
import { parseSettings } from "@fireworks/contracts";
import { portTarget, type WebsocketTarget } from "./websocket-target.ts";

/** All that the page's server reads. */
export const NAMES = [
	"dashboardWebsocketUrl",
	"dashboardCompareWebsocketUrl",
	"middlewarePort",
	"logLevel",
] as const;

export interface WebsocketTargets {
	stream: WebsocketTarget;
	/** Of a second engine to compare with. */
	compare: WebsocketTarget | undefined;
}

/** Throws SettingsError with all problems; the server's start has checked it. */
export function websocketTargets(): WebsocketTargets {
	const settings = parseSettings(process.env, NAMES);
	const compare = settings.dashboardCompareWebsocketUrl;
	return {
		stream: {
			url: settings.dashboardWebsocketUrl,
			port: settings.middlewarePort,
		},
		compare: compare ? portTarget(compare) : undefined,
	};
}
