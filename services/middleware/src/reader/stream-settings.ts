/** Which stream is shown, and how its records are read, by the settings. */
import {
	type EventParser,
	eventParser,
	type HelloFrame,
} from "@fireworks/contracts";
import type { MiddlewareSettings } from "../settings.ts";

export const topicOf = (settings: MiddlewareSettings): string =>
	settings.middlewareTopic || settings.topicWiener;

export const parserOf = (settings: MiddlewareSettings): EventParser =>
	eventParser({
		key: settings.middlewareKeyPath,
		time: settings.middlewareTimePath,
		timeUnit: settings.middlewareTimeUnit,
		sequence: settings.middlewareSequencePath,
		numbers: settings.middlewareNumberPaths,
	});

/** What `hello` tells of names and units: nothing where nobody set them. */
export function labelsOf(
	settings: MiddlewareSettings,
): Pick<HelloFrame, "names" | "units"> {
	const { middlewareNames: names, middlewareUnits: units } = settings;
	return {
		...(Object.keys(names).length > 0 && { names }),
		...(Object.keys(units).length > 0 && { units }),
	};
}
