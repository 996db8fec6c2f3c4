/** The stages of the pipeline. */
import { tumbling, windowed } from "@fireworks/streams";
import { z } from "zod";
import { means, readings } from "./streams.ts";

const sum = z.object({ of: z.number(), values: z.int() });
type Sum = z.infer<typeof sum>;
const NOTHING: Sum = { of: 0, values: 0 };
const add = ({ of, values }: Sum, value: number | null): Sum =>
	value === null ? { of, values } : { of: of + value, values: values + 1 };
const mean = ({ of, values }: Sum) => (values === 0 ? null : of / values);

/** The means of each minute, five seconds after its end. A null does not count. */
export const minuteMeans = windowed({
	name: "example-means",
	input: readings,
	output: means,
	window: tumbling("1m"),
	grace: "5s",
	accumulator: z.object({ temperature: sum, humidity: sum }),
	initial: () => ({ temperature: NOTHING, humidity: NOTHING }),
	add: ({ temperature, humidity }, { value }) => ({
		temperature: add(temperature, value.temperature),
		humidity: add(humidity, value.humidity),
	}),
	result: ({ temperature, humidity }, { key: device, start }) => ({
		device,
		at: new Date(start).toISOString(),
		temperature: mean(temperature),
		humidity: mean(humidity),
	}),
});
