"use client";
/** One chart for each measure, below each other, with the same times; or its heat map. */
import { useCallback, useMemo } from "react";
import type { Ink, Size } from "../../chart/layout.ts";
import type { Plot } from "../../chart/use-plot.ts";
import type { Samples } from "../../stream/samples.ts";
import type { ShownStream } from "../data/frames.ts";
import type { ShownKeys } from "../data/shown-keys.ts";
import type { StreamFeed } from "../data/stream-feed.ts";
import { measureTitle } from "../view/measures.ts";
import {
	type ChartView,
	StreamChart,
	type StreamChartProps,
} from "./stream-chart.tsx";
import type { StreamTime } from "./use-time.ts";

/** A chart is never lower than this: more charts are scrolled. */
const HEIGHT_MIN_PX = 170;
/** So many pixels of the wheel double the range. */
const WHEEL_DOUBLE_PX = 240;

export function Charts({
	feed,
	shown,
	stream,
	measures,
	view,
	time,
	Plot,
	size,
	ink,
	dragZooms,
	drawMs,
	figures,
	onDrawn,
}: {
	feed: StreamFeed;
	shown: ShownKeys;
	stream: ShownStream;
	measures: readonly string[];
	view: ChartView;
	time: StreamTime;
	Plot: Plot;
	size: Size;
	ink: Ink;
	dragZooms: boolean;
	drawMs: Samples;
	figures: StreamChartProps["figures"];
	onDrawn(): void;
}) {
	// Each kind of chart and each width needs its own.
	const left = useMemo(() => ({ px: 0 }), [view.chart, size.width]);
	const height = Math.max(
		HEIGHT_MIN_PX,
		Math.floor(size.height / measures.length),
	);
	const onWheel = useCallback(
		({ across, zoom }: { across: number; zoom: number }, part: number) => {
			if (zoom !== 0) time.zoom(2 ** (zoom / WHEEL_DOUBLE_PX), part);
			else time.move(across);
		},
		[time],
	);
	return (
		<section
			className="multiples"
			// biome-ignore lint/a11y/noNoninteractiveTabindex: it scrolls, so keys must reach it
			tabIndex={0}
			aria-label="Measures"
		>
			{measures.map((measure) => {
				const title = measureTitle(measure, stream.measures[measure] ?? {});
				return (
					<figure
						// Another kind of chart begins with nothing of the one before.
						key={`${view.chart} ${measure}`}
						className="multiple"
						style={{ height }}
						data-measure={measure}
						aria-label={title}
					>
						<StreamChart
							{...{ feed, shown, measure, title, view, left, ink }}
							{...{ Plot, dragZooms, drawMs, figures, onDrawn, onWheel }}
							size={{ width: size.width, height }}
							visible={time.visible}
							intervalMs={() => time.extent().intervalMs}
							onRange={time.fix}
						/>
					</figure>
				);
			})}
		</section>
	);
}
