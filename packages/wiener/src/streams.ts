/**
 * The streams of the built-in example. The service that writes a stream publishes it at its start,
 * and pipelines/wiener makes a pipeline of both.
 */
import { tickSchema, wienerSchema } from "@fireworks/contracts";
import { defineStream, type StreamDescription } from "@fireworks/pipeline";

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

/**
 * What a service that writes the topic publishes. Nothing if the topic has another name: the topics
 * of a second engine are no streams of the example.
 */
export const publishedAs = (
	{ description }: { readonly description: StreamDescription },
	topic: string,
): StreamDescription[] => (description.name === topic ? [description] : []);
