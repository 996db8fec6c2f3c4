/** The pictures of the page of all streams (scripts/screenshots.ts), and the stream in them. */
import { defineStream } from "@fireworks/pipeline";
import type { BrowserContextOptions } from "playwright-core";
import { z } from "zod";
import { testLog } from "../harness/stream.ts";
import { bring } from "./catalog-stream.ts";
import type { TestLake } from "./lake.ts";

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

/** Pictures with the lake's history, and of SQL. selector: what must be drawn before. */
export const LAKE_PICTURES = [
	{
		name: "streams-history",
		address:
			"streams?stream=weather&measure=temperature&key=Cairo&key=Tokyo&range=all",
		selector: '.stream:not([data-history-points="0"]) .js-line',
	},
	{
		name: "sql",
		address: `sql?chart=line&q=${encodeURIComponent(
			`SELECT date_trunc('day', event_time) AS day,
  round(avg(temperature), 2) AS mean, round(min(temperature), 2) AS lowest,
  round(max(temperature), 2) AS highest
FROM weather WHERE record_key = 'Oslo' GROUP BY day ORDER BY day`,
		)}`,
		selector: ".answer .js-plotly-plot .js-line",
	},
] as const;

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

/** Hours that only the lake has. */
const OLDER_HOURS = 30 * 24;

/** What the lake has of the weather: the hours before the week that Kafka has. */
export async function keepWeather(lake: TestLake): Promise<void> {
	const last = Math.floor(Date.now() / HOUR) * HOUR;
	const rows = STATIONS.flatMap((key, s) =>
		Array.from({ length: OLDER_HOURS }, (_, i) => {
			const hour = i - OLDER_HOURS;
			return {
				...{ key, partition: 0, offset: hour },
				time: last - (HOURS - 1 - hour) * HOUR,
				values: weatherAt(hour, s),
			};
		}),
	);
	await lake.commit("weather", rows, 0);
}

function weatherAt(hour: number, s: number) {
	const day = Math.sin((2 * Math.PI * (hour - 9)) / 24);
	const front = Math.sin(hour / 31 + s) + Math.sin(hour / 11 + 2 * s) / 2;
	return {
		temperature: 6 + 3 * s + (3 + s / 3) * day + 2 * front,
		wind: Math.max(0, 5 + 2 * front + Math.sin(hour * (1.3 + s))),
	};
}

/** A week of hourly weather, made up. */
export async function bringWeather(brokers: string[]): Promise<void> {
	const log = testLog(brokers);
	const last = Math.floor(Date.now() / HOUR) * HOUR;
	const records = STATIONS.flatMap((station, s) =>
		Array.from({ length: HOURS }, (_, hour) => {
			return {
				key: station,
				hour,
				value: {
					station,
					at: last - (HOURS - 1 - hour) * HOUR,
					...weatherAt(hour, s),
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
