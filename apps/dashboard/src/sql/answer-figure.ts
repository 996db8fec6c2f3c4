/**
 * The answer to a query as a chart: the first column is x, each other column of numbers a line or a
 * set of bars. No DOM, no React.
 */
import type { Data, Layout } from "plotly.js";
import { lineColour } from "../chart/colours.ts";
import { baseLayout, type Ink, plain, type Size } from "../chart/layout.ts";
import type { Range } from "../chart/ranges.ts";
import { timeTicks } from "../chart/time-ticks.ts";
import type { SqlAnswer, SqlValue } from "../lake/lake-api.ts";
import type { AnswerChart } from "./sql-view.ts";

/** More lines than this are unreadable. */
const SERIES_MAX = 20;
const TIME = /^\d{4}-\d{2}-\d{2}(?:[T ]\d{2}:\d{2}|$)/;
const MARGIN = { l: 64, r: 24, t: 16, b: 44 } as const;
const LEGEND_PX = 30;
const TITLE = { standoff: 8, font: { size: 12 } } as const;
/** Room at both ends of the times, as a part of them: bars have a width. */
const EDGE = 0.03;

export interface AnswerFigure {
	data: Partial<Data>[];
	layout: Partial<Layout>;
}

/** why: what is missing for a chart. */
export function answerFigure(
	{ columns, rows }: Pick<SqlAnswer, "columns" | "rows">,
	chart: Exclude<AnswerChart, "none">,
	size: Size,
	ink: Ink,
): AnswerFigure | { why: string } {
	if (rows.length === 0) return { why: "The answer has no rows." };
	const xs = rows.map((row) => row[0] ?? null);
	const numbers = columns
		.map(({ name }, i) => ({ name, y: rows.map((row) => numberOf(row[i])) }))
		.slice(1)
		.filter(({ y }) => y.some((value) => value !== null));
	if (numbers.length === 0)
		return {
			why: "A chart needs a second column with numbers: the first column is x, the others are y.",
		};
	const { x, axis } = xAxis(xs, size);
	const legend = numbers.length > 1;
	const data = numbers.slice(0, SERIES_MAX).map(({ name, y }, i) => {
		const colour = lineColour(i, ink.theme);
		return {
			x,
			y,
			name: plain(name),
			...(chart === "bar"
				? { type: "bar", marker: { color: colour } }
				: {
						type: "scatter",
						mode: rows.length === 1 ? "markers" : "lines",
						line: { color: colour, width: 1.6 },
						marker: { color: colour },
						connectgaps: false,
					}),
		} as Partial<Data>;
	});
	const grid = { gridcolor: ink.grid, zerolinecolor: ink.grid };
	return {
		data,
		layout: {
			...baseLayout(size, ink, false),
			margin: { ...MARGIN, t: MARGIN.t + (legend ? LEGEND_PX : 0), pad: 4 },
			hovermode: "closest",
			showlegend: legend,
			legend: { orientation: "h", x: 0, y: 1, yanchor: "bottom" },
			barmode: "group",
			xaxis: {
				...grid,
				...axis,
				fixedrange: true,
				title: { text: plain(columns[0]?.name ?? ""), ...TITLE },
			},
			yaxis: {
				...grid,
				fixedrange: true,
				rangemode: chart === "bar" ? "tozero" : "normal",
				...(!legend && {
					title: { text: plain(numbers[0]?.name ?? ""), ...TITLE },
				}),
				automargin: true,
			},
		},
	};
}

const numberOf = (value: SqlValue | undefined): number | null => {
	if (typeof value === "number") return value;
	// Integers beyond 2^53 come as texts: a chart need not be exact.
	return typeof value === "string" && /^-?\d+(?:\.\d+)?$/.test(value)
		? Number(value)
		: null;
};

/** Times as on the other pages; numbers; anything else is a name. */
function xAxis(
	xs: readonly SqlValue[],
	size: Size,
): { x: (number | string | null)[]; axis: Partial<Layout["xaxis"]> } {
	const known = xs.filter((x) => x !== null);
	if (known.every((x) => typeof x === "string" && TIME.test(x))) {
		const x = xs.map((text) => (text === null ? null : timeOf(String(text))));
		const all = x.filter((ms) => ms !== null);
		const least = all.reduce((a, b) => Math.min(a, b), all[0] ?? 0);
		const most = all.reduce((a, b) => Math.max(a, b), all[0] ?? 0);
		const room = Math.max(1_000, (most - least) * EDGE);
		const range: Range = [least - room, most + room];
		const { values, words } = timeTicks(range, size.width < 480 ? 3 : 8);
		return {
			x,
			axis: {
				type: "linear",
				range: [...range],
				tickvals: values,
				ticktext: words,
			},
		};
	}
	if (known.every((x) => numberOf(x) !== null))
		return { x: xs.map(numberOf), axis: { type: "linear" } };
	return {
		x: xs.map((x) => plain(typeof x === "string" ? x : JSON.stringify(x))),
		axis: { type: "category", automargin: true },
	};
}

/** A time without a zone is UTC, as DuckDB's is. */
const timeOf = (text: string): number =>
	Date.parse(
		/[Zz]|[+-]\d{2}(?::?\d{2})?$/.test(text.slice(10))
			? text.replace(" ", "T").replace(/([+-]\d{2})$/, "$1:00")
			: `${text.replace(" ", "T")}${text.length > 10 ? "Z" : ""}`,
	);
