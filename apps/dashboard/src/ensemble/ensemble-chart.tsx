"use client";
/**
 * The chart of all devices at once: at most ten frames a second, and only when there is something
 * new.
 */
import { useRef } from "react";
import { type Range, timeRange } from "../chart/ranges.ts";
import { type ChartProps, useDrawing } from "../chart/use-drawing.ts";
import type { Ensemble } from "./ensemble.ts";
import { type EnsembleFigure, ensembleFigure } from "./figure.ts";
import { GRID_STEPS } from "./grid.ts";
import { unitOf } from "./unit.ts";

export interface EnsembleChartProps extends ChartProps<EnsembleFigure> {
	ensemble: Ensemble;
}

export function EnsembleChart(props: EnsembleChartProps) {
	const { Plot, stream, view, size, ink, ensemble } = props;
	const { store, labels } = stream;
	const newest = useRef<EnsembleFigure>(undefined);
	const everyone = useRef<{ devices: unknown; indices: number[] }>(undefined);

	const { request, plot } = useDrawing<EnsembleFigure>(props, {
		draw: async (layOut) => {
			const { windowMs } = view;
			const newestMs = view.paused?.newestMs ?? store.newestMs;
			const unit = unitOf(store.devices);
			const { bands, more } = ensemble.update(
				store,
				windowMs,
				newestMs,
				unit !== undefined,
			);
			const [left, right] = timeRange(
				Number.isFinite(newestMs) ? newestMs : Date.now(),
				windowMs,
			);
			// The oldest column may be up to one step before the window.
			const x: Range = [left - windowMs / GRID_STEPS, right];
			const next = ensembleFigure({
				...{ bands, windowMs, x, unit, labels, size, ink },
				anchorMs: ensemble.anchorMs ?? x[0],
				increments: store.increments,
				previous: newest.current,
			});
			newest.current = next;
			// Events that arrived while all devices were looked up do not show how late the page
			// is.
			if (more) store.forgetUnpainted();
			await layOut(next);
			if (more) request();
			return next;
		},
		complete: () => {
			const { devices } = store;
			if (everyone.current?.devices !== devices)
				everyone.current = { devices, indices: devices.map((_, i) => i) };
			return store.isComplete(everyone.current.indices);
		},
	});
	return plot ? <Plot {...plot} /> : null;
}
