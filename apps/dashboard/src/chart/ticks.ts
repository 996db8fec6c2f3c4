/** Tick places and their words, so that Plotly neither searches for them nor formats them anew for each frame. */
import { niceStep, type Range } from "./ranges.ts";

export interface Ticks {
	values: number[];
	words: string[];
}

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const TIME_STEPS_MS = [
	...[10, 20, 50, 100, 200, 500],
	...[1, 2, 5, 10, 15, 30].map((s) => s * SECOND),
	...[1, 2, 5, 10, 15, 30].map((m) => m * MINUTE),
	60 * MINUTE,
];

const clockTime = (finer: Intl.DateTimeFormatOptions) =>
	new Intl.DateTimeFormat(undefined, {
		hour: "2-digit",
		minute: "2-digit",
		...finer,
		hourCycle: "h23",
	});
const MINUTES = clockTime({});
const SECONDS = clockTime({ second: "2-digit" });
const FRACTIONS = clockTime({ second: "2-digit", fractionalSecondDigits: 2 });
const formatFor = (stepMs: number) =>
	stepMs < SECOND ? FRACTIONS : stepMs < MINUTE ? SECONDS : MINUTES;

/** From a tick to the next, ms. */
export const timeStep = ([from, to]: Range, most: number): number =>
	TIME_STEPS_MS.find((step) => (to - from) / step <= most) ?? 60 * MINUTE;

/** At most `most` ticks on whole steps of local time. */
export function timeTicks([from, to]: Range, most: number): Ticks {
	const stepMs = timeStep([from, to], most);
	const format = formatFor(stepMs);
	const values: number[] = [];
	for (let t = Math.ceil(from / stepMs) * stepMs; t <= to; t += stepMs)
		values.push(t);
	return { values, words: values.map((t) => format.format(t)) };
}

/** Some five ticks on whole nice steps. */
export function valueTicks([from, to]: Range): Ticks {
	const step = niceStep((to - from) / 7);
	const digits = Math.max(0, -Math.floor(Math.log10(step) + 1e-9));
	const values: number[] = [];
	for (let k = Math.ceil(from / step - 1e-9); k * step <= to + step * 1e-9; k++)
		values.push(k * step);
	return {
		values,
		// The minus sign, not the hyphen: it is as wide as the digits.
		words: values.map((v) => v.toFixed(digits).replace(/^-/, "\u2212")),
	};
}
