/** The pictures of the page of all streams (scripts/screenshots.ts), and the stream in them. */
import { defineStream } from "@fireworks/pipeline";
import type { BrowserContextOptions } from "playwright-core";
import { z } from "zod";
import { testLog } from "../harness/stream.ts";
import { bring } from "./catalog-stream.ts";

const HOUR = 3_600_000;
const HOURS = 7 * 24;
const STATIONS = [
	...[
		"Bergen",
		"Cairo",
		"Lima",
		"Nairobi",
		"Oslo",
		"Perth",
		"Seattle",
		"Tokyo",
	],
];
/** Hours in which one station was silent. */
const OUTAGE = { station: "Oslo", from: 60, to: 80 } as const;

interface StreamPicture {
	name: string;
	context: BrowserContextOptions;
	address: string;
	/** Points that the page must hold before. */
	points: number;
}

const WIDE = { viewport: { width: 1_360, height: 850 } };

export const STREAM_PICTURES: readonly StreamPicture[] = [
	{
		name: "streams",
		context: WIDE,
		address: "streams?stream=weather&key=Cairo&key=Oslo&key=Seattle&range=all",
		points: 3 * HOURS - (OUTAGE.to - OUTAGE.from),
	},
	{
		name: "streams-heat-map",
		context: { ...WIDE, colorScheme: "dark" },
		address:
			"streams?stream=weather&measure=temperature&range=all&chart=heatmap",
		points: STATIONS.length * HOURS - (OUTAGE.to - OUTAGE.from),
	},
];

const weather = defineStream({
	name: "weather",
	schema: z.object({
		station: z.string(),
		at: z.number(),
		temperature: z.number(),
		wind: z.number(),
	}),
	key: "station",
	time: { path: "at", unit: "ms" },
	measures: {
		temperature: { unit: "°C", label: "Temperature" },
		wind: { unit: "m/s", label: "Wind speed" },
	},
});

/** A week of hourly weather, made up. */
export async function bringWeather(brokers: string[]): Promise<void> {
	const log = testLog(brokers);
	const last = Math.floor(Date.now() / HOUR) * HOUR;
	const records = STATIONS.flatMap((station, s) =>
		Array.from({ length: HOURS }, (_, hour) => {
			const day = Math.sin((2 * Math.PI * (hour - 9)) / 24);
			const front = Math.sin(hour / 31 + s) + Math.sin(hour / 11 + 2 * s) / 2;
			return {
				key: station,
				hour,
				value: {
					station,
					at: last - (HOURS - 1 - hour) * HOUR,
					temperature: 6 + 3 * s + (3 + s / 3) * day + 2 * front,
					wind: Math.max(0, 5 + 2 * front + Math.sin(hour * (1.3 + s))),
				},
			};
		}),
	).filter(
		({ key, hour }) =>
			key !== OUTAGE.station || hour < OUTAGE.from || hour >= OUTAGE.to,
	);
	await bring(log, weather.description, records);
	await log.close();
}
