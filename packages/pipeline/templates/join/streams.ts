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

/** A table: the newest row of a device counts, from its time on. Write it before the readings. */
export const devices = defineStream({
	name: "example-devices",
	schema: z.object({ device, since: at, room: z.string(), limit: z.number() }),
	key: "device",
	time: { path: "since" },
	retention: "forever",
});

export const alerts = defineStream({
	name: "example-alerts",
	schema: z.object({ device, at, room: z.string(), temperature: z.number() }),
	key: "device",
	time: { path: "at" },
	measures: { temperature: { unit: "°C" } },
});
