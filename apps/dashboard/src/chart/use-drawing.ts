"use client";
/**
 * What every chart of the page does with a figure: asked by the frame clock it builds the next one, has it laid out, waits until it is on the
 * screen, and tells how long that took.
 */
import type { Data, Layout } from "plotly.js";
import { useEffect } from "react";
import type { LiveStream } from "../stream/live-stream.ts";
import type { Samples } from "../stream/samples.ts";
import type { View } from "../view/view.ts";
import { CONFIG, type Ink, type Size } from "./layout.ts";
import type { PlotElement } from "./line-painter.ts";
import { painted } from "./painted.ts";
import { useFrameClock } from "./use-frame-clock.ts";
import { useLaidOut } from "./use-laid-out.ts";
import type { Plot } from "./use-plot.ts";

interface PlotlyFigure {
	data: Partial<Data>[];
	layout: Partial<Layout>;
}

export interface ChartProps<F> {
	Plot: Plot;
	stream: LiveStream;
	view: View;
	size: Size;
	ink: Ink;
	drawMs: Samples;
	onDrawn(): void;
	/** The newest figure, for who else needs it. */
	onFigure(figure: F): void;
}

export interface Drawing<F> {
	/** Builds the next figure, and puts it on the plot by `lay` where Plotly must; undefined: there is nothing to draw now. */
	put(lay: (figure: F) => Promise<PlotElement>): Promise<F | undefined>;
	/** The newest tick is there as a whole. */
	complete(): boolean;
}

/** request: asks for a frame. plot: what the Plot component is given; undefined before the first figure. */
export function useDrawing<F extends PlotlyFigure>(
	{ stream, view, size, ink, drawMs, onDrawn, onFigure }: ChartProps<F>,
	{ put, complete }: Drawing<F>,
) {
	const { figure, lay, drawn, failed } = useLaidOut<F>();
	const draw = async () => {
		const begunMs = performance.now();
		// What came while Plotly was loading says nothing of how late the page is.
		if (!figure) stream.store.forgetUnpainted();
		const next = await put(lay);
		if (!next) return;
		onFigure(next);
		await painted();
		const tookMs = performance.now() - begunMs;
		drawMs.add(tookMs);
		stream.painted(tookMs, view.paused !== undefined);
		onDrawn();
	};
	const paused = view.paused !== undefined;
	const request = useFrameClock({ stream, paused, draw, complete });
	// Each of them changes the picture.
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
