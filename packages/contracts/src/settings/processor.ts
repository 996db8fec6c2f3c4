/** Settings of the processor, and of stages of your own. */
import { integer, text } from "../setting-types.ts";
import { port, setting } from "./setting.ts";

export const PROCESSOR_SETTINGS = {
	processorPort: setting({
		schema: port(),
		default: 8082,
		tier: "tuning",
		chart: { setBy: "" },
		about: "Port for health and metrics of the processor",
	}),
	processorGroup: setting({
		schema: text(/^\S{1,200}$/, "a group id"),
		default: "fireworks-processor",
		tier: "tuning",
		chart: "config",
		about: "Consumer group of the processor",
	}),
	processorSessionTimeoutMs: setting({
		schema: integer(1_000, 300_000),
		default: 6_000,
		unit: "ms",
		tier: "tuning",
		chart: "config",
		about:
			"Time without a heartbeat after which the group gives a processor's partitions to another one. Brokers allow 6000 and more by default",
	}),
	stagePort: setting({
		schema: port(),
		default: 8083,
		tier: "tuning",
		about: "Port for health and metrics of a stage of your own",
	}),
} as const;
