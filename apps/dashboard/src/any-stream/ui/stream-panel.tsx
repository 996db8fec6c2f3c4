"use client";
/**
 * One stream: its charts, the choices, the newest values, and what is wrong with its data. The page
 * renders it again when the stream has changed.
 */
import { useCallback, useEffect, useMemo, useRef, useState } from "react";
import { useInk } from "../../chart/use-ink.ts";
import { usePlot } from "../../chart/use-plot.ts";
import { useSize } from "../../chart/use-size.ts";
import { Samples } from "../../stream/samples.ts";
import { useMedia } from "../../ui/use-media.ts";
import type { StreamFigure } from "../chart/stream-figure.ts";
import type { ShownStream } from "../data/frames.ts";
import { ShownKeys } from "../data/shown-keys.ts";
import type { StreamFeed } from "../data/stream-feed.ts";
import { historyIsNeeded } from "../history/held-times.ts";
import { wantedHistory } from "../history/history-range.ts";
import { shownMeasures } from "../view/measures.ts";
import type { StreamView } from "../view/view.ts";
import { Charts } from "./charts.tsx";
import { NewestTable } from "./newest-table.tsx";
import { StreamExport } from "./stream-export.tsx";
import { HistoryLine, StreamNotes } from "./stream-notes.tsx";
import { StreamProblems } from "./stream-problems.tsx";
import { StreamState } from "./stream-state.tsx";
import { StreamToolbar } from "./stream-toolbar.tsx";
import { TimeButtons } from "./time-buttons.tsx";
import { type StreamTime, useTime } from "./use-time.ts";

export function StreamPanel({
	feed,
	streams,
	view,
	change,
}: {
	feed: StreamFeed;
	streams: readonly ShownStream[];
	view: StreamView;
	change(changed: Partial<StreamView>): void;
}) {
	const plot = usePlot();
	const ink = useInk();
	const [shown] = useState(() => new ShownKeys());
	const [drawMs] = useState(() => new Samples());
	const [figures] = useState(() => new Map<string, StreamFigure>());
	const [highlighted, highlight] = useState<number>();
	const draws = useRef(0);
	const ground = useRef<HTMLElement>(null);
	const size = useSize(ground);
	// A finger scrolls the page; a mouse or a pen zooms.
	const dragZooms = useMedia("(any-pointer: fine)");

	if (shown.update(feed.store.keys, view))
		feed.show(
			view.keys.length > 0
				? view.keys
				: shown.indices.map((index) => feed.store.keys[index]?.key ?? null),
			shown.all,
		);
	const time = useTime(feed, shown, view.time, change);
	const stream = feed.stream ?? streams.find(({ name }) => name === feed.name);
	const measures = useMemo(
		() => (stream ? shownMeasures(stream, view.measures) : []),
		[stream, view.measures],
	);
	useHistory(feed, shown, measures, time, size?.width);
	const { time: choice, chart, keys } = view;
	const chartView = useMemo(
		() => ({ time: choice, chart, highlighted, keys }),
		[choice, chart, highlighted, keys],
	);
	const onDrawn = useCallback(() => {
		draws.current += 1;
	}, []);
	const loaded = plot instanceof Error ? undefined : plot;
	if (!stream) return null;
	return (
		<div
			className="stream"
			data-draws={draws.current}
			data-draw-p95-ms={drawMs.quantile(0.95)?.toFixed(1)}
			data-points={feed.store.length}
			data-version={feed.version}
			data-history-points={feed.history?.points}
		>
			<StreamToolbar
				{...{ feed, streams, stream, shown, view, measures, time, change }}
			>
				{loaded && ink && (
					<StreamExport
						{...{ feed, stream, shown, measures, time, figures, ink }}
						toImage={loaded.toImage}
					/>
				)}
			</StreamToolbar>
			<StreamNotes {...{ feed, shown, view, time, change }} />
			<HistoryLine feed={feed} />
			<StreamProblems feed={feed} />
			<div className="panels">
				<section
					ref={ground}
					className="chart"
					aria-label={`Charts of ${stream.name}`}
				>
					{loaded && ink && size && measures.length > 0 && (
						<Charts
							{...{ feed, shown, stream, measures, time, size, ink }}
							{...{ dragZooms, drawMs, figures, onDrawn }}
							view={chartView}
							Plot={loaded.Plot}
						/>
					)}
					<StreamState
						{...{ feed, shown, view, measures, time, change }}
						plotError={plot instanceof Error ? plot : undefined}
					/>
					{measures.length > 0 && Number.isFinite(time.extent().oldestMs) && (
						// After the message, which covers the charts: the buttons lead out of it.
						<TimeButtons time={time} />
					)}
				</section>
				<section className="records" aria-label="Newest values">
					{ink && (
						<NewestTable
							{...{ feed, shown, stream, measures, highlighted, highlight }}
							theme={ink.theme}
						/>
					)}
				</section>
			</div>
		</div>
	);
}

/** Asks the lake for what the live points do not reach. The page renders a few times a second. */
function useHistory(
	feed: StreamFeed,
	shown: ShownKeys,
	measures: readonly string[],
	time: StreamTime,
	pixels: number | undefined,
): void {
	useEffect(() => {
		const { history, store } = feed;
		if (!history || pixels === undefined || measures.length === 0) return;
		const visible = time.visible();
		history.want(
			feed.snapshotted &&
				historyIsNeeded(visible, store, shown.indices, history.table)
				? {
						...wantedHistory(visible, pixels),
						keys: shown.indices.map((index) => store.keys[index]?.key ?? null),
						measures,
					}
				: undefined,
		);
	});
}
