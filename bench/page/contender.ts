/**
 * Other ways to draw the same stream, in the same browser, at the same size and rate: uPlot, and
 * Plotly.react without our code.
 *
 * Each is a bare page that reads the same websocket, keeps the newest points, and draws them at
 * most every 100 ms. It is measured like our page: from the start of a draw until its picture is on
 * the screen.
 */
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import type { Page } from "playwright-core";

const require = createRequire(import.meta.url);
const source = (path: string): string =>
	readFileSync(require.resolve(path), "utf8");

// biome-ignore lint/suspicious/noExplicitAny: the browser's own, and the libraries, which come as globals of the page
type Browser = any;
declare const window: Browser;
declare const document: Browser;
declare const requestAnimationFrame: (call: () => void) => void;

export type Contender = "uPlot" | "Plotly.react";

export interface ContenderOptions {
	document: string;
	websocket: string;
	devices: number;
	points: number;
	width: number;
	height: number;
}

const SCRIPTS: Record<Contender, () => string> = {
	uPlot: () => source("uplot/dist/uPlot.iife.min.js"),
	"Plotly.react": () => source("plotly.js-basic-dist-min"),
};

/** Loads the contender. It draws from then on and reports its frames like our page. */
export async function runContender(
	page: Page,
	contender: Contender,
	options: ContenderOptions,
): Promise<void> {
	// Any document without a policy, from this machine: the browser allows no other one to connect
	// to it.
	await page.goto(options.document);
	await page.evaluate(() => {
		document.body.innerHTML = '<div id="chart"></div>';
	});
	await page.addScriptTag({ content: SCRIPTS[contender]() });
	await page.evaluate(contend, { contender, ...options });
}

/** Runs in the browser, so it cannot use anything from outside the function. */
function contend({
	contender,
	websocket,
	devices,
	points,
	width,
	height,
}: ContenderOptions & { contender: Contender }): void {
	const { uPlot, Plotly } = window;
	const target = document.getElementById("chart");
	/** The same as on our page. */
	const lineWidth = devices > 12 ? 1 : 1.5;
	const times: number[] = [];
	const values: number[][] = [];
	const colour = (i: number) => `hsl(${(i * 137.5) % 360} 60% 45%)`;
	let plot: Browser;
	const drawers: Record<Contender, () => unknown> = {
		uPlot: () => {
			const data = [times.map((t) => t / 1_000), ...values];
			if (plot) plot.setData(data);
			else
				plot = new uPlot(
					{
						width,
						height,
						legend: { show: false },
						series: [
							{},
							...values.map((_, i) => ({
								stroke: colour(i),
								width: lineWidth,
								points: { show: false },
							})),
						],
					},
					data,
					target,
				);
		},
		"Plotly.react": () =>
			Plotly.react(
				target,
				values.map((y, i) => ({
					type: "scatter",
					mode: "lines",
					x: times.slice(),
					y: y.slice(),
					hoverinfo: "none",
					line: { color: colour(i), width: lineWidth },
				})),
				{
					width,
					height,
					showlegend: false,
					xaxis: { type: "linear", range: [times[0], times.at(-1)] },
				},
				{ displayModeBar: false },
			),
	};
	const painted = () =>
		new Promise<void>((resolve) =>
			requestAnimationFrame(() => {
				const { port1, port2 } = new MessageChannel();
				(port1 as Browser).onmessage = () => resolve();
				port2.postMessage(null);
			}),
		);
	let begunMs = 0;
	let drawing = false;
	let asked = false;
	const draw = async () => {
		if (drawing || !asked || performance.now() - begunMs < 100) return;
		drawing = true;
		asked = false;
		begunMs = performance.now();
		await drawers[contender]();
		await painted();
		const detail = { drawMs: performance.now() - begunMs, ways: [] };
		document.dispatchEvent(new CustomEvent("fireworks:frame", { detail }));
		drawing = false;
	};
	setInterval(draw, 5);
	new WebSocket(websocket, "fireworks.v1").onmessage = ({ data }) => {
		const frame = JSON.parse(data);
		if (frame.type !== "snapshot" && frame.type !== "batch") return;
		const { device, timestamp, value } = frame.columns;
		for (let i = 0; i < device.length; i++) {
			const t = timestamp[i];
			let place = times.lastIndexOf(t);
			if (place < 0) place = times.push(t) - 1;
			values[device[i]] ??= [];
			(values[device[i]] as number[])[place] = value[i];
		}
		const surplus = times.length - points;
		if (surplus > 0)
			for (const column of [times, ...values]) column.splice(0, surplus);
		asked = true;
	};
}
