/** The stages of the pipeline. */
import { map } from "@fireworks/streams";
import { fahrenheit, readings } from "./streams.ts";

/** Converts the unit, and leaves out readings without a temperature. */
export const convert = map({
	name: "example-convert",
	input: readings,
	output: fahrenheit,
	map: ({ value: { device, at, temperature } }) =>
		temperature === null
			? []
			: { value: { device, at, temperature: temperature * 1.8 + 32 } },
});
