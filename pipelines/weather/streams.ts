/** The streams of the weather pipeline. */
import { defineStream } from "@fireworks/pipeline";
import { z } from "zod";

const station = z.string().min(1);
const at = z.iso.datetime({ offset: true });

/** One day at one station, as the file has it. */
export const readings = defineStream({
	name: "weather-readings",
	schema: z.object({
		station,
		at,
		temperature: z.number().nullable(),
		precipitation: z.number().min(0).nullable(),
		wind: z.number().min(0).nullable(),
		weather: z.string().nullable(),
	}),
	key: "station",
	time: { path: "at" },
	measures: {
		temperature: { unit: "°C", label: "Highest temperature" },
		precipitation: { unit: "mm" },
		wind: { unit: "m/s", label: "Wind speed" },
	},
});

/** What is known of a station: a table, in which the newest row of a station counts. */
export const stations = defineStream({
	name: "weather-stations",
	schema: z.object({
		station,
		since: at.describe("from when on the row holds"),
		latitude: z.number(),
		longitude: z.number(),
		heat: z.number().describe("°C; a warmer mean of seven days is an alert"),
	}),
	key: "station",
	time: { path: "since" },
	retention: "forever",
});

/** The means of seven days, written when they have passed. */
export const means = defineStream({
	name: "weather-means",
	schema: z.object({
		station,
		at: at.describe("the first of the days"),
		days: z.int().min(1),
		temperature: z.number().nullable(),
		wind: z.number().nullable(),
	}),
	key: "station",
	time: { path: "at" },
	measures: {
		temperature: { unit: "°C", label: "Mean of the highest temperatures" },
		wind: { unit: "m/s", label: "Mean wind speed" },
	},
});

/** Means that are above what the station's row allows. */
export const alerts = defineStream({
	name: "weather-alerts",
	schema: z.object({
		station,
		at,
		temperature: z.number(),
		above: z.number(),
	}),
	key: "station",
	time: { path: "at" },
	measures: {
		temperature: { unit: "°C" },
		above: { unit: "°C", label: "Above the station's limit" },
	},
});
