"use client";
/**
 * The chart of one measure, drawn as the chart of the built-in example (chart/live-chart.tsx): at
 * most ten frames a second. All charts of the page show the same time.
 */
import type { PlotRelayoutEvent } from "plotly.js";
import { useCallback, useEffect, useRef, useState } from "react";
import { HoverCard } from "../../chart/hover-card.tsx";
import type { Ink, Size } from "../../chart/layout.ts";
import { LineDrawer } from "../../chart/line-drawer.ts";
import { type Hovered, nearestPoint } from "../../chart/nearest.ts";
import type { Range } from "../../chart/ranges.ts";
import { useDragging } from "../../chart/use-dragging.ts";
import { useDrawing } from "../../chart/use-drawing.ts";
import { useMotion } from "../../chart/use-motion.ts";
import type { Plot } from "../../chart/use-plot.ts";
import { zoomOf } from "../../chart/zoom.ts";
import type { Samples } from "../../stream/samples.ts";
import { useMedia } from "../../ui/use-media.ts";
import { instant } from "../../view/format.ts";
import { buildHeatFigure, type HeatScene } from "../chart/heat-figure.ts";
import { pictureOf } from "../chart/heat-map.ts";
import {
	buildStreamFigure,
	type LeftMargin,
	type StreamFigure,
} from "../chart/stream-figure.ts";
import { StreamLines } from "../chart/stream-lines.ts";
import { keyName, type ShownKeys } from "../data/shown-keys.ts";
import type { StreamFeed } from "../data/stream-feed.ts";
import type { Chart, StreamView } from "../view/view.ts";
import { useWheel } from "./use-wheel.ts";

/** Movements smaller than this are invisible. */
const VISIBLE_PX = 0.2;
/** New labels of the time axis appear at most this late. */
const REFRESH_MS = 1_000;

/** What all charts of the page have in common. */
export interface ChartView {
	time: StreamView["time"];
	chart: Chart;
	/** Index of a key that is drawn stronger. */
	highlighted: number | undefined;
	keys: StreamView["keys"];
	/** A paused view has a fixed time. */
	paused?: never;
}

export interface StreamChartProps {
	Plot: Plot;
	feed: StreamFeed;
	shown: ShownKeys;
	measure: string;
	/** The measure's name and unit. */
	title: string;
	view: ChartView;
	/** The visible time now, and the usual interval of the keys. */
	visible(): Range;
	intervalMs(): number;
	left: LeftMargin;
	/** By measure: the newest figure, for a picture of it. */
	figures: Map<string, StreamFigure>;
	size: Size;
	ink: Ink;
	dragZooms: boolean;
	drawMs: Samples;
	onDrawn(): void;
	onRange(range: Range): void;
	onWheel(px: { across: number; zoom: number }, part: number): void;
}

export function StreamChart(props: StreamChartProps) {
	const { Plot, feed, shown, measure, title, view, size, ink } = props;
	const { visible, dragZooms, onRange } = props;
	const [hovered, setHovered] = useState<Hovered>();
	const newest = useRef<StreamFigure>(undefined);
	const [drawer] = useState(() => new LineDrawer());
	const [lines] = useState(
		() => new StreamLines(feed.store, measure, feed.history),
	);
	const seen = useRef<Range>([0, 0]);
	const [, setMoves] = useState(0);
	const moving = !useMedia("(prefers-reduced-motion: reduce)");
	const live = view.time.kind !== "fixed";

	const { request, plot } = useDrawing<StreamFigure>(
		{ ...props, stream: feed, onFigure: ignore },
		{
			draw: async (layOut) => {
				if (dragging.current) return undefined;
				const previous = newest.current;
				const scene: HeatScene = {
					...{ title, size, ink, dragZooms, live, previous },
					lines: (x) =>
						lines.lines(x, {
							shown,
							highlighted: view.highlighted,
							theme: ink.theme,
							width: size.width,
							dots: view.chart === "lines",
						}),
					pointsVersion: feed.version,
					intervalMs: props.intervalMs(),
					chart: view.chart,
					x: visible(),
					left: props.left,
					rows: () =>
						shown.indices.map((index) => ({
							name: keyName(feed.store.keys[index]?.key ?? null),
							track: lines.trackOf(index),
						})),
					picture: pictureOf,
				};
				const figure =
					view.chart === "heatmap"
						? buildHeatFigure(scene)
						: buildStreamFigure(scene);
				newest.current = figure;
				const drawn = await drawer.draw(figure, previous, (next) =>
					layOut(next as StreamFigure),
				);
				newest.current = { ...drawn, shown: figure.shown };
				props.figures.set(measure, newest.current);
				seen.current = figure.x;
				return newest.current;
			},
			complete: () => true,
		},
	);
	const dragging = useDragging(request);

	useMotion(live && moving && view.chart === "lines", () => {
		const { current: figure } = newest;
		if (!figure || dragging.current) return;
		const x = visible();
		const span = x[1] - x[0];
		const movedPx = ((x[0] - seen.current[0]) / span) * figure.area.width;
		const sameSpan = span === figure.x[1] - figure.x[0];
		if (!sameSpan || Math.abs(movedPx) < VISIBLE_PX) return;
		if (!drawer.slide(figure, x)) return;
		seen.current = x;
		if (hovered) setMoves((n) => n + 1);
	});
	useEffect(() => {
		if (!live) return;
		const timer = setInterval(request, REFRESH_MS);
		return () => clearInterval(timer);
	}, [live, request]);

	const relayout = useCallback(
		(event: PlotRelayoutEvent) => {
			const zoom = zoomOf(event, drawer.element?.layout);
			const laidX = newest.current?.laidX;
			if (!zoom || !laidX) return;
			// Plotly computes the zoom from the range that it laid out.
			const movedMs = seen.current[0] - laidX[0];
			onRange([zoom.x[0] + movedMs, zoom.x[1] + movedMs]);
		},
		[onRange, drawer],
	);
	const ground = useRef<HTMLDivElement>(null);
	useWheel(ground, (px, clientX) => {
		const { current: figure } = newest;
		const { current: element } = ground;
		if (!figure || !element) return;
		const { left, width } = figure.area;
		const at = clientX - element.getBoundingClientRect().left - left;
		props.onWheel(
			{ across: px.across / width, zoom: px.zoom },
			Math.max(0, Math.min(1, at / width)),
		);
	});

	return (
		// The pointer only reads exact values here. The table has them for users without a pointer.
		<div
			ref={ground}
			className="plot-area"
			onPointerDown={(event) => {
				dragging.current = dragZooms && event.button === 0;
				setHovered(undefined);
			}}
			onPointerMove={(event) => {
				const { current: figure } = newest;
				if (dragging.current || !figure) return;
				const corner = event.currentTarget.getBoundingClientRect();
				setHovered(
					nearestPoint(
						{ ...figure, lines: figure.shown, x: seen.current },
						event.clientX - corner.left,
						event.clientY - corner.top,
					),
				);
			}}
			onPointerLeave={() => setHovered(undefined)}
		>
			{plot && <Plot {...plot} onRelayout={relayout} />}
			{hovered && newest.current && (
				<HoverCard
					hovered={hovered}
					figure={{ ...newest.current, x: seen.current }}
					size={size}
					facts={[
						["Key", keyName(feed.store.keys[hovered.device]?.key ?? null)],
						[title, String(hovered.value)],
						["Time", instant(hovered.timeMs)],
					]}
				/>
			)}
		</div>
	);
}

const ignore = () => {};
