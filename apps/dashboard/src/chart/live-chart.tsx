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
import { useMedia } from "../ui/use-media.ts";
import type { ShownDevices } from "../view/shown-devices.ts";
import type { View, Zoom } from "../view/view.ts";
import {
	buildFigure,
	CONFIG,
	type Figure,
	type Ink,
	type Size,
	seenRange,
} from "./figure.ts";
import { HoverCard } from "./hover-card.tsx";
import { plotArea } from "./layout.ts";
import { type PlotElement, paintLines, slide } from "./line-painter.ts";
import { type Hovered, nearestPoint } from "./nearest.ts";
import { painted } from "./painted.ts";
import type { Range } from "./ranges.ts";
import { useFrameClock } from "./use-frame-clock.ts";
import { useLaidOut } from "./use-laid-out.ts";
import { useMotion } from "./use-motion.ts";
import type { Plot } from "./use-plot.ts";
import { zoomOf } from "./zoom.ts";

/** Less than this no eye sees. */
const VISIBLE_PX = 0.2;

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
	/** Where the picture stands: the newest figure's time, moved on since. */
	const seen = useRef<Range>([0, 0]);
	const [, setMoves] = useState(0);
	const dragging = useRef(false);
	const moving = !useMedia("(prefers-reduced-motion: reduce)");
	const sinceMs = () => (moving ? Date.now() - stream.store.newestCameMs : 0);

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
			sinceMs: sinceMs(),
			previous,
		});
		newest.current = next;
		if (!plot.current || next.key !== previous?.key)
			plot.current = await lay(next);
		paintLines(plot.current, next, size);
		slide(plot.current, next, size, next.x);
		seen.current = next.x;
		onFigure(next);
		await painted();
		const tookMs = performance.now() - begunMs;
		drawMs.add(tookMs);
		stream.painted(tookMs, view.paused !== undefined);
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

	useMotion(moving && !view.paused && !view.zoom, () => {
		const { current: figure } = newest;
		if (!figure || !plot.current || dragging.current) return;
		const x = seenRange({ store: stream.store, view, sinceMs: sinceMs() });
		const movedPx =
			((x[0] - seen.current[0]) / view.windowMs) * plotArea(size).width;
		if (Math.abs(movedPx) < VISIBLE_PX || x[1] - x[0] !== view.windowMs) return;
		slide(plot.current, figure, size, x);
		seen.current = x;
		if (hovered) setMoves((n) => n + 1);
	});

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
			const laid = newest.current?.laidX;
			if (!zoom || !laid) return;
			// Plotly reckons from where it laid the axis out.
			const movedMs = seen.current[0] - laid[0];
			onZoom({ ...zoom, x: [zoom.x[0] + movedMs, zoom.x[1] + movedMs] });
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
				const figure = { ...newest.current, x: seen.current };
				setHovered(nearestPoint(figure, size, px, py));
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
					figure={{ ...newest.current, x: seen.current }}
					size={size}
					deviceId={stream.store.devices[hovered.device]?.deviceId ?? ""}
				/>
			)}
		</div>
	);
}
