/**
 * What the user looks at, and how the page's address writes it, so that a view can be shared:
 *
 *   /streams?stream=weather&measure=temperature&key=Oslo&range=1d&chart=bars
 *   /streams?stream=weather&from=2026-03-01T00:00:00.000Z&to=2026-03-08T00:00:00.000Z
 */
import { durationText, readDuration } from "./duration.ts";
import { type TimeChoice, WINDOW_MAX_MS, WINDOW_MIN_MS } from "./time-range.ts";

const CHARTS = ["lines", "bars", "heatmap"] as const;
export type Chart = (typeof CHARTS)[number];

/** Keys that can be chosen: more lines would be unreadable. */
export const KEYS_CHOSEN_MAX = 50;
/** Measures drawn at a time, each in a chart of its own. */
export const MEASURES_CHOSEN_MAX = 8;
/** Names longer than this cannot exist. */
const NAME_MAX = 1_024;

export interface StreamView {
	/** undefined: the list of streams. */
	stream: string | undefined;
	/** Empty: the first ones of the stream. */
	measures: readonly string[];
	/** null: the records without a key. Empty: the first keys by name. */
	keys: readonly (string | null)[];
	time: TimeChoice;
	chart: Chart;
}

export const FIRST_VIEW: StreamView = {
	stream: undefined,
	measures: [],
	keys: [],
	time: { kind: "auto" },
	chart: "lines",
};

/** wrong: the parts of the address that mean nothing, for the user. */
export function readView(search: string): {
	view: StreamView;
	wrong: string[];
} {
	const query = new URLSearchParams(search);
	const wrong: string[] = [];
	const names = (name: string, most: number) => {
		const all = [...new Set(query.getAll(name))];
		if (all.length > most || all.some((text) => text.length > NAME_MAX))
			wrong.push(`${name}: at most ${most} of at most ${NAME_MAX} characters`);
		return all.filter((text) => text.length <= NAME_MAX).slice(0, most);
	};
	const keys: (string | null)[] = names("key", KEYS_CHOSEN_MAX);
	if (query.has("keyless")) keys.push(null);
	const chart = query.get("chart") ?? "lines";
	const known = CHARTS.find((one) => one === chart);
	if (known === undefined)
		wrong.push(`chart=${chart}: it is one of ${CHARTS.join(", ")}`);
	return {
		view: {
			stream: query.get("stream") || undefined,
			measures: names("measure", MEASURES_CHOSEN_MAX),
			keys: keys.slice(0, KEYS_CHOSEN_MAX),
			time: readTime(query, wrong),
			chart: known ?? "lines",
		},
		wrong,
	};
}

function readTime(query: URLSearchParams, wrong: string[]): TimeChoice {
	const from = query.get("from");
	const to = query.get("to");
	if (from !== null || to !== null) {
		const fromMs = Date.parse(from ?? "");
		const toMs = Date.parse(to ?? "");
		if (fromMs < toMs) return { kind: "fixed", fromMs, toMs };
		wrong.push(`from=${from}&to=${to}: both are dates, from before to`);
	}
	const range = query.get("range");
	if (range === null || range === "auto") return { kind: "auto" };
	if (range === "all") return { kind: "all" };
	const ms = readDuration(range);
	if (ms !== undefined && ms >= WINDOW_MIN_MS && ms <= WINDOW_MAX_MS)
		return { kind: "window", ms };
	wrong.push(`range=${range}: such as 5m, 12h, 7d or all; at least 1m`);
	return { kind: "auto" };
}

/** The part of the address from the question mark on; empty for the list of streams. */
export function writeView(view: StreamView): string {
	if (view.stream === undefined) return "";
	const query = new URLSearchParams({ stream: view.stream });
	for (const measure of view.measures) query.append("measure", measure);
	for (const key of view.keys)
		if (key === null) query.set("keyless", "1");
		else query.append("key", key);
	const { time } = view;
	if (time.kind === "window") query.set("range", durationText(time.ms));
	if (time.kind === "all") query.set("range", "all");
	if (time.kind === "fixed") {
		query.set("from", new Date(time.fromMs).toISOString());
		query.set("to", new Date(time.toMs).toISOString());
	}
	if (view.chart !== "lines") query.set("chart", view.chart);
	return `?${query}`;
}
