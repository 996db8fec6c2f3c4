/** A second engine beside the first, on the same ticks, in the local system. */
import { z } from "zod";
import { port, setting } from "./setting.ts";

export const COMPARE_SETTINGS = {
	compareEngine: setting(
		z.enum(["", "typescript", "python", "spark"]) as z.ZodType<string, string>,
		"",
		"Second engine on the same ticks, with topics and a consumer group of its own whose names end in -<engine>, to be looked at side by side; local system only",
	),
	compareProcessorPort: setting(
		port(),
		"8092",
		"Health and metrics of the second engine's processor",
	),
	compareMiddlewarePort: setting(
		port(),
		"8090",
		"Websocket, health and metrics of the second engine's middleware",
	),
} as const;
