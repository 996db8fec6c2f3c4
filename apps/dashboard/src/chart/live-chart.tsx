"use client";
/**
 * The chart of single paths: at most ten frames a second, and only when there is something new.
 *
 * A frame builds the figure from the ring buffers, lets Plotly lay it out if anything but the
 * points changed, and paints the lines. While the user drags, nothing is drawn: the picture under
 * the pointer does not move.
 */
import type { PlotRelayoutEvent } from "plotly.js";
import { useCallback, useRef, useState } from "react";
import { useMedia } from "../ui/use-media.ts";
import { instant } from "../view/format.ts";
import type { Shown } from "../view/shown-devices.ts";
import type { Zoom } from "../view/view.ts";
import { type Axes, buildFigure, type Figure, seenRange } from "./figure.ts";
import { HoverCard } from "./hover-card.tsx";
import { LineDrawer } from "./line-drawer.ts";
import { type Hovered, nearestPoint } from "./nearest.ts";
import type { Range } from "./ranges.ts";
import { useDragging } from "./use-dragging.ts";
import { type ChartProps, useDrawing } from "./use-drawing.ts";
import { useMotion } from "./use-motion.ts";
import { zoomOf } from "./zoom.ts";

/** Movements smaller than this are invisible. */
const VISIBLE_PX = 0.2;

export interface LiveChartProps extends ChartProps<Figure> {
	shown: Shown;
	/** Set if there is another picture next to it. */
	axes?: Axes | undefined;
	dragZooms: boolean;
	onZoom(zoom: Zoom | undefined): void;
}

export function LiveChart(props: LiveChartProps) {
	const { Plot, stream, shown, view, size, ink, dragZooms, axes } = props;
	const [hovered, setHovered] = useState<Hovered>();
	const newest = useRef<Figure>(undefined);
	const [drawer] = useState(() => new LineDrawer());
	/** The visible range: the newest figure's time, moved on since. */
	const seen = useRef<Range>([0, 0]);
	const [, setMoves] = useState(0);
	const moving = !useMedia("(prefers-reduced-motion: reduce)");
	const { store, labels } = stream;
	const sinceMs = () =>
		moving ? Date.now() - (axes ?? store).newestCameMs : 0;

	const { request, plot } = useDrawing<Figure>(props, {
		draw: async (layOut) => {
			if (dragging.current) return undefined;
			shown.update(store, view.selection, view.windowMs, performance.now());
			const previous = newest.current;
			const next = buildFigure({
				...{ store, axes, labels, shown, view, size, ink, dragZooms, previous },
				sinceMs: sinceMs(),
			});
			newest.current = next;
			const drawn = await drawer.draw(next, previous, layOut);
			newest.current = drawn;
			seen.current = next.x;
			return drawn;
		},
		complete: () => store.isComplete(shown.indices),
	});
	const dragging = useDragging(request);

	useMotion(moving && !view.paused && !view.zoom, () => {
		const { current: figure } = newest;
		if (!figure || dragging.current) return;
		const x = seenRange({ store, axes, view, sinceMs: sinceMs() });
		const movedPx =
			((x[0] - seen.current[0]) / view.windowMs) * figure.area.width;
		if (Math.abs(movedPx) < VISIBLE_PX || x[1] - x[0] !== view.windowMs) return;
		if (!drawer.slide(figure, x)) return;
		seen.current = x;
		if (hovered) setMoves((n) => n + 1);
	});

	const { onZoom } = props;
	const relayout = useCallback(
		(event: PlotRelayoutEvent) => {
			const zoom = zoomOf(event, drawer.element?.layout);
			const laidX = newest.current?.laidX;
			if (!zoom || !laidX) return;
			// Plotly computes the zoom from the range that it laid out.
			const movedMs = seen.current[0] - laidX[0];
			onZoom({ ...zoom, x: [zoom.x[0] + movedMs, zoom.x[1] + movedMs] });
		},
		[onZoom, drawer],
	);

	return (
		// The pointer only reads exact values here. The table next to the chart has them for users
		// without a pointer.
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
					facts={[
						[labels.key, store.devices[hovered.device]?.deviceId ?? ""],
						[
							labels.value,
							`${String(hovered.value)} ${labels.valueUnit ?? ""}`,
						],
						["Seq", String(hovered.seq)],
						["Time", instant(hovered.timeMs)],
					]}
				/>
			)}
		</div>
	);
}
