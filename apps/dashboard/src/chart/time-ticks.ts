/**
 * Ticks of a time axis: from 10 ms to thousands of years apart, on whole steps of local time.
 *
 * `most` bounds their number at every span: the step between two ticks is chosen wide enough.
 * Plotly neither searches for the ticks nor formats them for each frame.
 */
import { niceStep, type Range } from "./ranges.ts";
import type { Ticks } from "./ticks.ts";

const SECOND = 1_000;
const MINUTE = 60 * SECOND;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const MONTH = 30.44 * DAY;
const YEAR = 365.25 * DAY;
/** What Date can hold, ms since 1970. */
const DATE_MAX_MS = 8.64e15;

interface Step {
	/** Approximate distance from one tick to the next, ms. */
	ms: number;
	/** The k-th tick; rises with k. */
	at(k: number): number;
}

const fixed = (ms: number): Step => ({ ms, at: (k) => k * ms });
const hours = (n: number): Step => ({
	ms: n * HOUR,
	at: (k) => new Date(1970, 0, 1, k * n).getTime(),
});
const days = (n: number): Step => ({
	ms: n * DAY,
	at: (k) => new Date(1970, 0, 1 + k * n).getTime(),
});
const months = (n: number): Step => ({
	ms: n * MONTH,
	at: (k) => new Date(1970, k * n, 1).getTime(),
});
const years = (n: number): Step => ({
	ms: n * YEAR,
	at: (k) => new Date(0, 0, 1).setFullYear(k * n),
});

const STEPS: readonly Step[] = [
	...[10, 20, 50, 100, 200, 500].map(fixed),
	...[1, 2, 5, 10, 15, 30].map((n) => fixed(n * SECOND)),
	...[1, 2, 5, 10, 15, 30].map((n) => fixed(n * MINUTE)),
	...[1, 2, 3, 6, 12].map(hours),
	...[1, 2, 7, 14].map(days),
	...[1, 3, 6].map(months),
];

function stepFor([from, to]: Range, most: number): Step {
	const wanted = (to - from) / most;
	return (
		STEPS.find(({ ms }) => ms >= wanted) ??
		years(Math.max(1, niceStep(wanted / YEAR)))
	);
}

/** The ticks within the range: at most `most`, or one more. `most` must be above 1. */
function placesOf(range: Range, most: number, step: Step): number[] {
	const [from, to] = range.map((t) =>
		Math.max(-DATE_MAX_MS, Math.min(DATE_MAX_MS, t)),
	) as [number, number];
	const places: number[] = [];
	// Months and years differ in length: begin a little earlier, and skip.
	let k = Math.floor((from - step.at(0)) / step.ms) - 2;
	for (const end = k + 2 * most + 8; k < end; k++) {
		const t = step.at(k);
		if (t > to) break;
		if (t >= from && t > (places.at(-1) ?? Number.NEGATIVE_INFINITY))
			places.push(t);
	}
	return places;
}

const format = (options: Intl.DateTimeFormatOptions) => {
	const made = new Intl.DateTimeFormat(undefined, {
		...options,
		...(options.hour && { hourCycle: "h23" }),
	});
	return (t: number): string => made.format(t);
};
const minutes = { hour: "2-digit", minute: "2-digit" } as const;
const FRACTIONS = format({
	...minutes,
	second: "2-digit",
	fractionalSecondDigits: 2,
});
const SECONDS = format({ ...minutes, second: "2-digit" });
const MINUTES = format(minutes);
const DAYS = format({ day: "numeric", month: "short" });
const DATES = format({ day: "numeric", month: "short", year: "numeric" });
const MONTHS = format({ month: "short", year: "numeric" });
const YEARS = format({ year: "numeric" });

/** The label of a tick, and what all ticks share, which appears once, under the first tick. */
function wordsFor({ ms }: Step): {
	word: (t: number) => string;
	shared?: (t: number) => string;
} {
	if (ms >= YEAR) return { word: YEARS };
	if (ms >= MONTH) return { word: MONTHS };
	if (ms >= DAY) return { word: DAYS, shared: YEARS };
	const time = ms < SECOND ? FRACTIONS : ms < MINUTE ? SECONDS : MINUTES;
	const isMidnight = (t: number) => new Date(t).setHours(0, 0, 0, 0) === t;
	return { word: (t) => (isMidnight(t) ? DAYS(t) : time(t)), shared: DATES };
}

/** The newest tick at or before the range's end. If it changes, the axis has changed. */
export const lastTimeTick = (range: Range, most: number): number =>
	placesOf(range, most, stepFor(range, most)).at(-1) ?? Number.NaN;

/**
 * At most `most` ticks, or one more. nowMs: the ticks' day, or year, is omitted if it is today's.
 */
export function timeTicks(
	range: Range,
	most: number,
	nowMs: number = Date.now(),
): Ticks {
	const step = stepFor(range, most);
	const values = placesOf(range, most, step);
	const { word, shared } = wordsFor(step);
	const words = values.map(word);
	const [first = nowMs] = values;
	if (shared && words.length > 0 && shared(first) !== shared(nowMs))
		words[0] = `${words[0]}<br>${shared(first)}`;
	return { values, words };
}
