"use client";
/**
 * The chart of single paths: at most ten frames a second, and only when there is something new.
 *
 * A frame builds the figure from the ring buffers, has Plotly lay it out where anything but the points changed, and paints the lines. While a person
 * drags, nothing is drawn: the picture under the pointer stands still.
 */
import type { Layout, PlotRelayoutEvent } from "plotly.js";
import { useCallback, useRef, useState } from "react";
import { useMedia } from "../ui/use-media.ts";
import type { Shown } from "../view/shown-devices.ts";
import type { Zoom } from "../view/view.ts";
import { type Axes, buildFigure, type Figure, seenRange } from "./figure.ts";
import { HoverCard } from "./hover-card.tsx";
import { type PlotElement, paintLines, slide } from "./line-painter.ts";
import { type Hovered, nearestPoint } from "./nearest.ts";
import type { Range } from "./ranges.ts";
import { useDragging } from "./use-dragging.ts";
import { type ChartProps, useDrawing } from "./use-drawing.ts";
import { useMotion } from "./use-motion.ts";
import { zoomOf } from "./zoom.ts";

/** Less than this no eye sees. */
const VISIBLE_PX = 0.2;

export interface LiveChartProps extends ChartProps<Figure> {
	shown: Shown;
	/** Where another picture stands beside it. */
	axes?: Axes | undefined;
	dragZooms: boolean;
	onZoom(zoom: Zoom | undefined): void;
}

export function LiveChart(props: LiveChartProps) {
	const { Plot, stream, shown, view, size, ink, dragZooms, axes } = props;
	const [hovered, setHovered] = useState<Hovered>();
	const newest = useRef<Figure>(undefined);
	const element = useRef<PlotElement>(undefined);
	/** Where the picture stands: the newest figure's time, moved on since. */
	const seen = useRef<Range>([0, 0]);
	const [, setMoves] = useState(0);
	const moving = !useMedia("(prefers-reduced-motion: reduce)");
	const { store, labels } = stream;
	const sinceMs = () =>
		moving ? Date.now() - (axes ?? store).newestCameMs : 0;

	const { request, plot } = useDrawing<Figure>(props, {
		put: async (lay) => {
			if (dragging.current) return undefined;
			shown.update(store, view.selection, view.windowMs, performance.now());
			const previous = newest.current;
			const next = buildFigure({
				...{ store, axes, labels, shown, view, size, ink, dragZooms, previous },
				sinceMs: sinceMs(),
			});
			newest.current = next;
			if (!element.current || next.key !== previous?.key)
				element.current = await lay(next);
			paintLines(element.current, next);
			slide(element.current, next, next.x);
			seen.current = next.x;
			return next;
		},
		complete: () => store.isComplete(shown.indices),
	});
	const dragging = useDragging(request);

	useMotion(moving && !view.paused && !view.zoom, () => {
		const { current: figure } = newest;
		if (!figure || !element.current || dragging.current) return;
		const x = seenRange({ store, axes, view, sinceMs: sinceMs() });
		const movedPx =
			((x[0] - seen.current[0]) / view.windowMs) * figure.area.width;
		if (Math.abs(movedPx) < VISIBLE_PX || x[1] - x[0] !== view.windowMs) return;
		slide(element.current, figure, x);
		seen.current = x;
		if (hovered) setMoves((n) => n + 1);
	});

	const { onZoom } = props;
	const relayout = useCallback(
		(event: PlotRelayoutEvent) => {
			const laidOut = element.current as { layout?: Partial<Layout> };
			const zoom = zoomOf(event, laidOut?.layout);
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
				setHovered(nearestPoint(figure, px, py));
			}}
			onPointerLeave={() => setHovered(undefined)}
		>
			{plot && (
				<Plot
					{...plot}
					onRelayout={relayout}
					onDoubleClick={() => onZoom(undefined)}
				/>
			)}
			{hovered && newest.current && (
				<HoverCard
					hovered={hovered}
					figure={{ ...newest.current, x: seen.current }}
					size={size}
					deviceId={store.devices[hovered.device]?.deviceId ?? ""}
					labels={labels}
				/>
			)}
		</div>
	);
}
