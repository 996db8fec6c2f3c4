"use client";
/** The chart of all devices at once: at most ten frames a second, and only when there is something new. */
import { useEffect, useRef } from "react";
import { CONFIG } from "../chart/figure.ts";
import type { ChartProps } from "../chart/live-chart.tsx";
import { painted } from "../chart/painted.ts";
import { type Range, timeRange } from "../chart/ranges.ts";
import { useFrameClock } from "../chart/use-frame-clock.ts";
import { useLaidOut } from "../chart/use-laid-out.ts";
import { type Ensemble, unitOf } from "./ensemble.ts";
import { type EnsembleFigure, ensembleFigure } from "./figure.ts";
import { GRID_STEPS } from "./grid.ts";

export interface EnsembleChartProps extends ChartProps {
	ensemble: Ensemble;
	/** The newest figure, for who else needs it. */
	onFigure(figure: EnsembleFigure): void;
}

export function EnsembleChart(props: EnsembleChartProps) {
	const { Plot, stream, view, size, ink } = props;
	const { figure, lay, drawn, failed } = useLaidOut<EnsembleFigure>();
	const everyone = useRef<{ devices: unknown; indices: number[] }>(undefined);
	const ask = useRef(() => {});

	const draw = async () => {
		const { ensemble, drawMs, onDrawn, onFigure } = props;
		const { store } = stream;
		const begunMs = performance.now();
		const newestMs = view.paused?.newestMs ?? store.newestMs;
		const { windowMs } = view;
		const { bands, more } = ensemble.update(store, windowMs, newestMs);
		const [left, right] = timeRange(
			Number.isFinite(newestMs) ? newestMs : Date.now(),
			windowMs,
		);
		// The oldest column lies up to a step before the window.
		const x: Range = [left - windowMs / GRID_STEPS, right];
		const next = ensembleFigure({
			bands,
			anchorMs: ensemble.anchorMs ?? x[0],
			windowMs,
			x,
			unit: unitOf(store),
			increments: store.increments,
			size,
			ink,
		});
		// What came while Plotly was loading, or while all devices were looked up, says nothing of how late the page is.
		if (!figure || more) store.forgetUnpainted();
		await lay(next);
		onFigure(next);
		await painted();
		const tookMs = performance.now() - begunMs;
		drawMs.add(tookMs);
		stream.painted(tookMs, view.paused !== undefined);
		onDrawn();
		if (more) ask.current();
	};
	const request = useFrameClock({
		stream,
		paused: view.paused !== undefined,
		draw,
		complete: () => {
			const { devices } = stream.store;
			if (everyone.current?.devices !== devices)
				everyone.current = { devices, indices: devices.map((_, i) => i) };
			return stream.store.isComplete(everyone.current.indices);
		},
	});
	ask.current = request;
	// Each of them changes the picture.
	useEffect(() => request(), [request, view, size, ink]);

	if (!figure) return null;
	return (
		<Plot
			className="plot"
			data={figure.data}
			layout={figure.layout}
			config={CONFIG}
			onInitialized={drawn}
			onUpdate={drawn}
			onError={failed}
		/>
	);
}
