/**
 * The comparison as a picture: p99 over the number of devices, one line per engine, both axes
 * logarithmic. Plain SVG, for light and dark mode.
 */
import type { Live } from "./live.ts";

const WIDTH = 720;
const HEIGHT = 400;
const LEFT = 70;
const RIGHT = 150;
const TOP = 40;
const BOTTOM = 50;
/** Okabe and Ito's colours, which colour-blind people can distinguish. */
const COLOURS = ["#0072B2", "#D55E00", "#009E73", "#CC79A7"];

const decades = (from: number, to: number): number[] => {
	const first = Math.floor(Math.log10(from));
	const last = Math.max(first + 1, Math.ceil(Math.log10(to)));
	return Array.from({ length: last - first + 1 }, (_, i) => 10 ** (first + i));
};

/** The sizes at which the metronome's interval is more than a second. */
const slower = (points: readonly Live[]): string =>
	[
		...new Map(
			points
				.filter(({ intervalMs }) => intervalMs > 1_000)
				.map((l) => [l.devices, l.intervalMs]),
		),
	]
		.map(([n, ms]) => `; ${n.toLocaleString("en")}: every ${ms / 1_000} s`)
		.join("");

/** An engine that could not keep up at a size has no point there. */
export function latencyChart(
	slopes: ReadonlyMap<string, readonly Live[]>,
): string {
	const kept = [...slopes].map(
		([name, all]) => [name, all.filter((l) => Number.isFinite(l.p99))] as const,
	);
	const points = kept.flatMap(([, all]) => all);
	if (points.length === 0) return "";
	const xs = decades(
		Math.min(...points.map((l) => l.devices)),
		Math.max(...points.map((l) => l.devices)),
	);
	const ys = decades(
		Math.min(...points.map((l) => l.p99)),
		Math.max(...points.map((l) => l.p99)),
	);
	const scale = (value: number, ticks: number[], from: number, to: number) => {
		const low = Math.log10(ticks[0] as number);
		const high = Math.log10(ticks.at(-1) as number);
		return from + ((Math.log10(value) - low) / (high - low)) * (to - from);
	};
	const x = (v: number) => scale(v, xs, LEFT, WIDTH - RIGHT).toFixed(1);
	const y = (v: number) => scale(v, ys, HEIGHT - BOTTOM, TOP).toFixed(1);
	const lines = kept.map(([name, all], i) => {
		const colour = COLOURS[i % COLOURS.length];
		const path = all.map((l) => `${x(l.devices)},${y(l.p99)}`).join(" ");
		const dots = all
			.map(
				(l) =>
					`<circle cx="${x(l.devices)}" cy="${y(l.p99)}" r="4" fill="${colour}"/>`,
			)
			.join("");
		return `<polyline points="${path}" fill="none" stroke="${colour}" stroke-width="2"/>${dots}<circle cx="${WIDTH - RIGHT + 22}" cy="${TOP + 22 * i}" r="5" fill="${colour}"/><text x="${WIDTH - RIGHT + 34}" y="${TOP + 22 * i + 4}">${name}</text>`;
	});
	const grid = [
		...xs.map(
			(v) =>
				`<line x1="${x(v)}" x2="${x(v)}" y1="${TOP}" y2="${HEIGHT - BOTTOM}" class="g"/><text x="${x(v)}" y="${HEIGHT - BOTTOM + 18}" text-anchor="middle">${v.toLocaleString("en")}</text>`,
		),
		...ys.map(
			(v) =>
				`<line x1="${LEFT}" x2="${WIDTH - RIGHT}" y1="${y(v)}" y2="${y(v)}" class="g"/><text x="${LEFT - 8}" y="${Number(y(v)) + 4}" text-anchor="end">${v.toLocaleString("en")}</text>`,
		),
	];
	return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${WIDTH} ${HEIGHT}" font-family="system-ui,sans-serif" font-size="13" role="img" aria-label="p99 from tick to record, ms, over the number of devices">
<style>text{fill:#333}.g{stroke:#8884}@media(prefers-color-scheme:dark){text{fill:#ddd}}</style>
<text x="${LEFT}" y="20">p99 from a tick's append to its record's, ms</text>
<text x="${(LEFT + WIDTH - RIGHT) / 2}" y="${HEIGHT - 8}" text-anchor="middle">devices, one tick a second each${slower(points)}</text>
${grid.join("\n")}
${lines.join("\n")}
</svg>
`;
}
