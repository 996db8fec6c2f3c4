/** Which stream is shown, and how its records are read, from the settings. */
import type { EventMapping, HelloFrame } from "@fireworks/contracts";
import type { MiddlewareSettings } from "../settings.ts";

export const topicOf = (settings: MiddlewareSettings): string =>
	settings.middlewareTopic || settings.topicWiener;

export const mappingOf = (settings: MiddlewareSettings): EventMapping => ({
	key: settings.middlewareKeyPath,
	time: settings.middlewareTimePath,
	timeUnit: settings.middlewareTimeUnit,
	sequence: settings.middlewareSequencePath,
	numbers: settings.middlewareNumberPaths,
});

/** The names and units in `hello`; absent if none are set. */
export function labelsOf(
	settings: MiddlewareSettings,
): Pick<HelloFrame, "names" | "units"> {
	const { middlewareNames: names, middlewareUnits: units } = settings;
	return {
		...(Object.keys(names).length > 0 && { names }),
		...(Object.keys(units).length > 0 && { units }),
	};
}
