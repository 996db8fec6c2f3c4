/**
 * Positions and labels of ticks. Computed here, so that Plotly neither searches for them nor
 * formats them for each frame.
 */
import { niceStep, type Range } from "./ranges.ts";

export interface Ticks {
	values: number[];
	words: string[];
}

/** The most ticks of a value axis: twice what a nice step can make. */
const VALUE_TICKS_MAX = 20;
/** Larger values, and finer steps, are labelled in exponential form: 2.5e−7. */
const FIXED_MAX = 1e7;
const FIXED_STEP_MIN = 1e-5;
/** The most digits that a double has behind its first one. */
const DIGITS_MAX = 16;

/** About five ticks on whole nice steps. */
export function valueTicks([from, to]: Range): Ticks {
	const step = niceStep((to - from) / 7);
	const values: number[] = [];
	const first = Math.ceil(from / step - 1e-9);
	// Count the ticks: where doubles are too coarse for the step, this loop would never end.
	for (let i = 0; i < VALUE_TICKS_MAX; i++) {
		const value = (first + i) * step;
		if (!(value <= to + step * 1e-9)) break;
		values.push(value);
	}
	const label = labelFor(step, Math.max(Math.abs(from), Math.abs(to)));
	// The minus sign, not the hyphen: it is as wide as the digits.
	return {
		values,
		words: values.map((v) => label(v).replaceAll("-", "\u2212")),
	};
}

/** size: the largest of the values. */
function labelFor(step: number, size: number): (value: number) => string {
	const place = Math.floor(Math.log10(step) + 1e-9);
	if (size < FIXED_MAX && step >= FIXED_STEP_MIN)
		return (v) => v.toFixed(Math.max(0, -place));
	return (v) => {
		if (v === 0) return "0";
		const digits = Math.floor(Math.log10(Math.abs(v)) + 1e-9) - place;
		return v
			.toExponential(Math.max(0, Math.min(DIGITS_MAX, digits)))
			.replace("e+", "e");
	};
}
