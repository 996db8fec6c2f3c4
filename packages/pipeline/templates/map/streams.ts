/** The streams of the pipeline. */
import { defineStream } from "@fireworks/pipeline";
import { z } from "zod";

const device = z.string().min(1);
const at = z.iso.datetime({ offset: true });

export const readings = defineStream({
	name: "example-readings",
	schema: z.object({
		device,
		at,
		temperature: z.number().nullable(),
		humidity: z.number().nullable(),
	}),
	key: "device",
	time: { path: "at" },
	measures: { temperature: { unit: "°C" }, humidity: { unit: "%" } },
});

export const fahrenheit = defineStream({
	name: "example-fahrenheit",
	schema: z.object({ device, at, temperature: z.number() }),
	key: "device",
	time: { path: "at" },
	measures: { temperature: { unit: "°F" } },
});
