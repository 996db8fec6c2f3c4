"use client";
/**
 * The chart: draws the paths at most every 100 ms, and only when there is something new.
 *
 * React holds nothing but the newest figure. FrameClock decides when to build the next one, and waits for the last one's promise: react-plotly.js would
 * queue every figure it is given and draw them all, later and later.
 */
import { useCallback, useEffect, useRef, useState } from "react";
import type { LiveStream } from "../stream/live-stream.ts";
import type { Samples } from "../stream/samples.ts";
import type { ShownDevices } from "../view/shown-devices.ts";
import type { View } from "../view/view.ts";
import {
	buildFigure,
	CONFIG,
	type Figure,
	type Ink,
	type Size,
} from "./figure.ts";
import { FrameClock } from "./frame-clock.ts";
import { HoverCard, type Hovered } from "./hover-card.tsx";
import { painted } from "./painted.ts";
import type { Plot } from "./use-plot.ts";

export const DRAW_INTERVAL_MS = 100;

export interface LiveChartProps {
	Plot: Plot;
	stream: LiveStream;
	shown: ShownDevices;
	view: View;
	size: Size;
	ink: Ink;
	drawMs: Samples;
	onDrawn(): void;
}

/** Plotly's event at a point, as far as it is used here. */
interface HoverEvent {
	points: { curveNumber: number; pointNumber: number }[];
}

export function LiveChart(props: LiveChartProps) {
	const { Plot, stream, view, size, ink } = props;
	const [figure, setFigure] = useState<Figure>();
	const [hovered, setHovered] = useState<Hovered>();
	const latest = useRef(props);
	latest.current = props;
	const previous = useRef<Figure>(undefined);
	const settle = useRef<{ resolve(): void; reject(error: unknown): void }>(
		undefined,
	);
	const clock = useRef<FrameClock>(undefined);

	useEffect(() => {
		const draw = async () => {
			const { stream, shown, view, size, ink, drawMs, onDrawn } =
				latest.current;
			const begunMs = performance.now();
			shown.update(stream.store, view.selection, view.windowMs, begunMs);
			const next = buildFigure({
				store: stream.store,
				shown,
				view,
				size,
				ink,
				previousY: previous.current?.y,
			});
			previous.current = next;
			await new Promise<void>((resolve, reject) => {
				settle.current = { resolve, reject };
				setFigure(next);
			});
			await painted();
			drawMs.add(performance.now() - begunMs);
			if (!view.paused) stream.store.painted(stream.serverNowMs);
			onDrawn();
		};
		const frames = new FrameClock({
			intervalMs: DRAW_INTERVAL_MS,
			draw,
			hidden: () => document.hidden,
			nowMs: () => performance.now(),
			after: (delayMs, call) => {
				const timer = setTimeout(call, delayMs);
				return () => clearTimeout(timer);
			},
			onError: (error) => console.error("the chart was not drawn", error),
		});
		clock.current = frames;
		const seen = () => {
			if (document.hidden) latest.current.stream.store.forgetUnpainted();
			frames.visibilityChanged();
		};
		document.addEventListener("visibilitychange", seen);
		frames.request();
		return () => {
			document.removeEventListener("visibilitychange", seen);
			frames.stop();
		};
	}, []);

	useEffect(
		() =>
			stream.onChange(() => {
				const { view, stream } = latest.current;
				if (document.hidden || view.paused) stream.store.forgetUnpainted();
				if (!view.paused) clock.current?.request();
			}),
		[stream],
	);
	// Each of them changes the picture.
	useEffect(() => clock.current?.request(), [view, size, ink]);

	const drawn = useCallback(() => settle.current?.resolve(), []);
	const failed = useCallback(
		(error: unknown) => settle.current?.reject(error),
		[],
	);
	const hover = useCallback(({ points }: HoverEvent) => {
		const [point] = points;
		const line = previous.current?.lines[point?.curveNumber ?? -1];
		if (!point || !line) return;
		const { time, value, seq } = line.series;
		const i = point.pointNumber;
		if (!Number.isFinite(value[i])) return;
		setHovered({
			device: line.device,
			timeMs: time[i] as number,
			value: value[i] as number,
			seq: seq[i] as number,
		});
	}, []);
	const unhover = useCallback(() => setHovered(undefined), []);

	if (!figure) return null;
	return (
		<>
			<Plot
				className="plot"
				data={figure.data}
				layout={figure.layout}
				config={CONFIG}
				onInitialized={drawn}
				onUpdate={drawn}
				onError={failed}
				onHover={hover}
				onUnhover={unhover}
			/>
			{hovered && (
				<HoverCard
					hovered={hovered}
					figure={figure}
					size={size}
					deviceId={stream.store.devices[hovered.device]?.deviceId ?? ""}
				/>
			)}
		</>
	);
}
