/** The settings of the page and its server, from the environment of the server's process. */
import {
	COMPARE_WEBSOCKET_PATH,
	parseSettings,
	type Settings,
	WEBSOCKET_PATH,
} from "@fireworks/contracts";
import { type WebsocketTarget, websocketTarget } from "./websocket-target.ts";

/** All settings that the page's server reads. */
export const NAMES = [
	"dashboardPort",
	"dashboardWebsocketUrl",
	"dashboardCompareWebsocketUrl",
	"dashboardMiddlewareUrl",
	"dashboardCompareMiddlewareUrl",
	"dashboardLakeUrl",
	"lakeQueryBearerToken",
	"lakeQueryBearerTokenFile",
	"dashboardFrameAncestors",
	"relaySecret",
	"relaySecretFile",
	"middlewarePort",
	"host",
	"logLevel",
] as const;

export type ServerSettings = Settings<(typeof NAMES)[number]>;

export interface WebsocketTargets {
	stream: WebsocketTarget;
	/** The target of a second engine to compare with. */
	compare: WebsocketTarget | undefined;
}

/** Throws SettingsError with all problems; the server's start has already checked the settings. */
export function websocketTargets(): WebsocketTargets {
	const settings = parseSettings(process.env, NAMES);
	const compare = settings.dashboardCompareWebsocketUrl;
	return {
		stream: websocketTarget(settings.dashboardWebsocketUrl, WEBSOCKET_PATH),
		compare:
			compare || settings.dashboardCompareMiddlewareUrl
				? websocketTarget(compare, COMPARE_WEBSOCKET_PATH)
				: undefined,
	};
}

/** The middleware behind each path that the server relays. */
export function middlewareUrls(settings: ServerSettings): Map<string, string> {
	const { dashboardMiddlewareUrl, dashboardCompareMiddlewareUrl } = settings;
	const urls = new Map([
		[
			WEBSOCKET_PATH,
			dashboardMiddlewareUrl ||
				`ws://127.0.0.1:${settings.middlewarePort}${WEBSOCKET_PATH}`,
		],
	]);
	if (dashboardCompareMiddlewareUrl)
		urls.set(COMPARE_WEBSOCKET_PATH, dashboardCompareMiddlewareUrl);
	return urls;
}

/** Who may show the page in a frame. */
export const frameAncestors = (): readonly string[] =>
	parseSettings(process.env, NAMES).dashboardFrameAncestors;

/** Whether the page can ask the lake. */
export const hasLake = (): boolean =>
	parseSettings(process.env, NAMES).dashboardLakeUrl !== "";
