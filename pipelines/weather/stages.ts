/** The stages of the weather pipeline. */
import { hopping, joinTable, windowed } from "@fireworks/streams";
import { z } from "zod";
import { alerts, means, readings, stations } from "./streams.ts";

/** A sum and how many values it has: a null does not count. */
const sum = z.object({ of: z.number(), values: z.int() });
type Sum = z.infer<typeof sum>;
const NOTHING: Sum = { of: 0, values: 0 };

const add = ({ of, values }: Sum, value: number | null): Sum =>
	value === null ? { of, values } : { of: of + value, values: values + 1 };
const mean = ({ of, values }: Sum): number | null =>
	values === 0 ? null : of / values;

/** Means of seven days, one for each day. */
export const meansStage = windowed({
	name: "weather-means",
	input: readings,
	output: means,
	window: hopping("7d", "1d"),
	accumulator: z.object({ days: z.int(), temperature: sum, wind: sum }),
	initial: () => ({ days: 0, temperature: NOTHING, wind: NOTHING }),
	add: ({ days, temperature, wind }, { value }) => ({
		days: days + 1,
		temperature: add(temperature, value.temperature),
		wind: add(wind, value.wind),
	}),
	result: ({ days, temperature, wind }, { key: station, start }) => ({
		station,
		at: new Date(start).toISOString(),
		days,
		temperature: mean(temperature),
		wind: mean(wind),
	}),
});

/** An alert for each mean above what the station's row allows. */
export const alertsStage = joinTable({
	name: "weather-alerts",
	input: means,
	table: stations,
	output: alerts,
	join: ({ value: { station, at, temperature } }, row) =>
		row === undefined || temperature === null || temperature <= row.heat
			? undefined
			: { station, at, temperature, above: temperature - row.heat },
});
