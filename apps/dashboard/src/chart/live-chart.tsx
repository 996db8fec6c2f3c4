"use client";
/**
 * The chart of single paths: at most ten frames a second, and only when there is something new.
 *
 * A frame builds the figure from the ring buffers, has Plotly lay it out where anything but the points changed, and paints the lines. While a person
 * drags, nothing is drawn: the picture under the pointer stands still.
 */
import type { Layout, PlotRelayoutEvent } from "plotly.js";
import { useCallback, useEffect, useRef, useState } from "react";
import type { LiveStream } from "../stream/live-stream.ts";
import type { Samples } from "../stream/samples.ts";
import type { ShownDevices } from "../view/shown-devices.ts";
import type { View, Zoom } from "../view/view.ts";
import {
	buildFigure,
	CONFIG,
	type Figure,
	type Ink,
	type Size,
} from "./figure.ts";
import { HoverCard } from "./hover-card.tsx";
import { type PlotElement, paintLines } from "./line-painter.ts";
import { type Hovered, nearestPoint } from "./nearest.ts";
import { painted } from "./painted.ts";
import { useFrameClock } from "./use-frame-clock.ts";
import { useLaidOut } from "./use-laid-out.ts";
import type { Plot } from "./use-plot.ts";
import { zoomOf } from "./zoom.ts";

export interface ChartProps {
	Plot: Plot;
	stream: LiveStream;
	view: View;
	size: Size;
	ink: Ink;
	drawMs: Samples;
	onDrawn(): void;
}

export interface LiveChartProps extends ChartProps {
	shown: ShownDevices;
	dragZooms: boolean;
	/** The newest figure, for who else needs it. */
	onFigure(figure: Figure): void;
	onZoom(zoom: Zoom | undefined): void;
}

export function LiveChart(props: LiveChartProps) {
	const { Plot, stream, shown, view, size, ink, dragZooms } = props;
	const { figure, lay, drawn, failed } = useLaidOut<Figure>();
	const [hovered, setHovered] = useState<Hovered>();
	const newest = useRef<Figure>(undefined);
	const plot = useRef<PlotElement>(undefined);
	const dragging = useRef(false);

	const draw = async () => {
		if (dragging.current) return;
		const { drawMs, onDrawn, onFigure } = props;
		const begunMs = performance.now();
		shown.update(stream.store, view.selection, view.windowMs, begunMs);
		const previous = newest.current;
		// What came while Plotly was loading says nothing of how late the page is.
		if (!plot.current) stream.store.forgetUnpainted();
		const next = buildFigure({
			store: stream.store,
			shown,
			view,
			size,
			ink,
			dragZooms,
			previousY: view.zoom ? undefined : previous?.y,
		});
		newest.current = next;
		if (!plot.current || next.key !== previous?.key)
			plot.current = await lay(next);
		paintLines(plot.current, next, size);
		onFigure(next);
		await painted();
		drawMs.add(performance.now() - begunMs);
		if (!view.paused) stream.painted();
		onDrawn();
	};
	const request = useFrameClock({
		stream,
		paused: view.paused !== undefined,
		draw,
		complete: () => stream.store.isComplete(shown.indices),
	});
	// Each of them changes the picture.
	useEffect(() => request(), [request, view, size, ink, dragZooms]);

	useEffect(() => {
		// The pointer may be let go anywhere.
		const up = () => {
			dragging.current = false;
			request();
		};
		for (const name of ["pointerup", "pointercancel"])
			addEventListener(name, up);
		return () => {
			for (const name of ["pointerup", "pointercancel"])
				removeEventListener(name, up);
		};
	}, [request]);

	const { onZoom } = props;
	const relayout = useCallback(
		(event: PlotRelayoutEvent) => {
			const layout = plot.current as { layout?: Partial<Layout> } | undefined;
			const zoom = zoomOf(event, layout?.layout);
			if (zoom) onZoom(zoom);
		},
		[onZoom],
	);

	return (
		// The pointer only reads exact values here; the table beside it has them for whoever uses none.
		<div
			className="plot-area"
			onPointerDown={(event) => {
				dragging.current = dragZooms && event.button === 0;
				setHovered(undefined);
			}}
			onPointerMove={(event) => {
				if (dragging.current || !newest.current) return;
				const corner = event.currentTarget.getBoundingClientRect();
				const px = event.clientX - corner.left;
				const py = event.clientY - corner.top;
				setHovered(nearestPoint(newest.current, size, px, py));
			}}
			onPointerLeave={() => setHovered(undefined)}
		>
			{figure && (
				<Plot
					className="plot"
					data={figure.data}
					layout={figure.layout}
					config={CONFIG}
					onInitialized={drawn}
					onUpdate={drawn}
					onError={failed}
					onRelayout={relayout}
					onDoubleClick={() => onZoom(undefined)}
				/>
			)}
			{hovered && newest.current && (
				<HoverCard
					hovered={hovered}
					figure={newest.current}
					size={size}
					deviceId={stream.store.devices[hovered.device]?.deviceId ?? ""}
				/>
			)}
		</div>
	);
}
