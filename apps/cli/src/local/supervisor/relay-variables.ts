/**
 * How the page's server and the middlewares of the local system find and trust each other. The
 * page's server relays the websocket, so one port is enough.
 */
import { randomBytes } from "node:crypto";
import {
	type Environment,
	type SettingName,
	variableOf,
	WEBSOCKET_PATH,
} from "@fireworks/contracts";
import type { AllSettings } from "../../settings.ts";
import { reachable } from "./http-probe.ts";

/**
 * Variables for all parts. Settings of the user take precedence. The secret exists only as long as
 * the parts run, and is never written to disk.
 */
export function relayVariables(
	settings: AllSettings,
	env: Environment,
): Environment {
	const middlewareAt = (port: number) =>
		`ws://${reachable(settings.host)}:${port}${WEBSOCKET_PATH}`;
	const values: Partial<Record<SettingName, string>> = {
		dashboardMiddlewareUrl: middlewareAt(settings.middlewarePort),
	};
	if (settings.compareEngine !== "" && !settings.dashboardCompareWebsocketUrl)
		values.dashboardCompareMiddlewareUrl = middlewareAt(
			settings.compareMiddlewarePort,
		);
	if (settings.lake === "on")
		values.dashboardLakeUrl = `http://${reachable(settings.host)}:${settings.lakeQueryPort}`;
	if (settings.relaySecret === "" && settings.relaySecretFile === "")
		values.relaySecret = randomBytes(32).toString("base64url");
	return Object.fromEntries(
		Object.entries(values)
			.map(([name, value]) => [variableOf(name as SettingName), value])
			.filter(([variable = ""]) => !env[variable]),
	);
}
