/**
 * Settings of a second engine that runs next to the first, on the same ticks, in the local system.
 */
import { choice, port, setting } from "./setting.ts";

export const COMPARE_SETTINGS = {
	compareEngine: setting({
		schema: choice<string>(["", "typescript", "python", "spark"]),
		default: "",
		tier: "common",
		about:
			"Second engine that processes the same ticks, to compare both on the page. Its topics and consumer group end in -<engine>. Local system only",
	}),
	compareProcessorPort: setting({
		schema: port(),
		default: 8092,
		tier: "tuning",
		about: "Port for health and metrics of the second engine's processor",
	}),
	compareMiddlewarePort: setting({
		schema: port(),
		default: 8090,
		tier: "tuning",
		about:
			"Port for websocket, health and metrics of the second engine's middleware",
	}),
} as const;
