/**
 * Four years of daily weather in Seattle and New York, which npm `vega-datasets` ships. The file
 * has dates without a zone; each station's day begins at midnight of its own clock.
 */
import { readFileSync } from "node:fs";
import { defineSource, localTimes } from "@fireworks/pipeline";
import { readings, stations } from "./streams.ts";

const FILE = new URL(
	"data/weather.csv",
	import.meta.resolve("vega-datasets").replace(/build\/[^/]*$/, ""),
);
const ZONES: Readonly<Record<string, string>> = {
	Seattle: "America/Los_Angeles",
	"New York": "America/New_York",
};
const ROWS_A_POLL = 500;

/** Rows by their times: the file has one station after the other. */
function readFile() {
	const clocks = new Map(
		Object.entries(ZONES).map(([name, zone]) => [name, localTimes({ zone })]),
	);
	return readFileSync(FILE, "utf8")
		.trim()
		.split("\n")
		.slice(1)
		.map((line) => {
			const [station = "", date = "", rain, warmest, , wind, weather] =
				line.split(",");
			const toInstant = clocks.get(station);
			if (toInstant === undefined)
				throw new Error(`${FILE}: the station ${station} has no zone here`);
			return {
				station,
				at: new Date(toInstant(Date.parse(date))).toISOString(),
				temperature: number(warmest),
				precipitation: number(rain),
				wind: number(wind),
				weather: weather ?? null,
			};
		})
		.sort((a, b) => (a.at < b.at ? -1 : a.at > b.at ? 1 : 0));
}

const number = (text: string | undefined): number | null =>
	text === undefined || text === "" ? null : Number(text);

const STATIONS = [
	{ station: "Seattle", latitude: 47.45, longitude: -122.31, heat: 25 },
	{ station: "New York", latitude: 40.78, longitude: -73.97, heat: 30 },
].map((row) => ({ ...row, since: "2012-01-01T00:00:00Z" }));

/** The rows of the stations. A join finds only rows that were written before its records. */
export const stationList = defineSource<
	(typeof STATIONS)[number],
	{ next: number }
>({
	name: "weather-station-list",
	output: stations,
	poll: async (position) => ({
		records: STATIONS.slice(position?.next ?? 0),
		position: { next: STATIONS.length },
		done: true,
	}),
});

let rows: ReturnType<typeof readFile> | undefined;

/** Writes the whole file as fast as it can, once. */
export const weatherFile = defineSource<
	ReturnType<typeof readFile>[number],
	{ next: number }
>({
	name: "weather-file",
	output: readings,
	after: ["weather-station-list"],
	poll: async (position) => {
		rows ??= readFile();
		const from = position?.next ?? 0;
		const records = rows.slice(from, from + ROWS_A_POLL);
		const next = from + records.length;
		return { records, position: { next }, done: next >= rows.length };
	},
});
