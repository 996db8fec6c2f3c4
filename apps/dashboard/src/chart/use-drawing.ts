"use client";
/**
 * The drawing loop that every chart of the page shares. When the frame clock asks, it builds the
 * next figure, has it laid out, waits until it is on the screen, and reports how long that took.
 */
import type { Data, Layout } from "plotly.js";
import { useEffect } from "react";
import type { LiveStream } from "../stream/live-stream.ts";
import type { Samples } from "../stream/samples.ts";
import type { View } from "../view/view.ts";
import { CONFIG, type Ink, type Size } from "./layout.ts";
import { painted } from "./painted.ts";
import type { PlotElement } from "./plotly-dom.ts";
import { type DrawnStream, useFrameClock } from "./use-frame-clock.ts";
import { useLaidOut } from "./use-laid-out.ts";
import type { Plot } from "./use-plot.ts";

interface PlotlyFigure {
	data: Partial<Data>[];
	layout: Partial<Layout>;
}

/** F: the figure of the chart. */
export interface DrawingProps<F> {
	stream: DrawnStream;
	/** Another view is another picture. paused: set while the picture must not change. */
	view: { readonly paused?: unknown };
	size: Size;
	ink: Ink;
	drawMs: Samples;
	onDrawn(): void;
	/** Called with the newest figure, for other components. */
	onFigure(figure: F): void;
}

export interface ChartProps<F> extends DrawingProps<F> {
	Plot: Plot;
	stream: LiveStream;
	view: View;
}

export interface Drawing<F> {
	/**
	 * Builds and draws the next figure, with `layOut` if Plotly must lay it out. Returns it;
	 * undefined: there is nothing to draw now.
	 */
	draw(layOut: (figure: F) => Promise<PlotElement>): Promise<F | undefined>;
	/** True if the newest tick has arrived completely. */
	complete(): boolean;
}

/**
 * request: asks for a frame. plot: the props of the Plot component; undefined before the first
 * figure.
 */
export function useDrawing<F extends PlotlyFigure>(
	{ stream, view, size, ink, drawMs, onDrawn, onFigure }: DrawingProps<F>,
	{ draw, complete }: Drawing<F>,
) {
	const { figure, layOut, drawn, failed } = useLaidOut<F>();
	const drawFrame = async () => {
		const startedMs = performance.now();
		// Events that arrived while Plotly was loading do not show how late the page is.
		if (!figure) stream.forgetUnpainted();
		const next = await draw(layOut);
		if (!next) return;
		onFigure(next);
		await painted();
		const tookMs = performance.now() - startedMs;
		drawMs.add(tookMs);
		stream.painted(tookMs, view.paused !== undefined);
		onDrawn();
	};
	const paused = view.paused !== undefined;
	const request = useFrameClock({ stream, paused, draw: drawFrame, complete });
	// Each of these changes the picture.
	useEffect(() => request(), [request, view, size, ink]);
	const plot = figure && {
		className: "plot",
		data: figure.data,
		layout: figure.layout,
		config: CONFIG,
		onInitialized: drawn,
		onUpdate: drawn,
		onError: failed,
	};
	return { request, plot };
}
