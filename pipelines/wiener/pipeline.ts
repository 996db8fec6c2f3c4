/**
 * The streams of the built-in example. Its stages run as services of their own: services/metronome
 * writes the ticks, services/processor (or another engine) makes Wiener records of them.
 */
import { tickSchema, wienerSchema } from "@fireworks/contracts";
import { definePipeline, defineStream } from "@fireworks/pipeline";

/** Both topics are kept by event time, as the topics' settings have always said. */
const RETENTION = { keep: "7d", by: "event" } as const;
const TIME = { path: "timestamp", unit: "ms" } as const;

export const metronome = defineStream({
	name: "metronome",
	schema: tickSchema,
	key: "deviceId",
	time: TIME,
	measures: {
		drift: { unit: "1/s" },
		volatility: { unit: "1/√s" },
	},
	retention: RETENTION,
});

export const wiener = defineStream({
	name: "wiener",
	schema: wienerSchema,
	key: "deviceId",
	time: TIME,
	measures: {
		value: { label: "Value" },
		increment: { label: "Increment" },
	},
	retention: RETENTION,
});

export default definePipeline({
	name: "wiener",
	streams: [metronome, wiener],
});
