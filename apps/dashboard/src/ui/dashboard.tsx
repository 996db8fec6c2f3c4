"use client";
/** The page: connects the stream, the view and the components. */
import { lazy, Suspense, useCallback, useRef, useState } from "react";
import type { Figure } from "../chart/figure.ts";
import { LiveChart } from "../chart/live-chart.tsx";
import { useInk } from "../chart/use-ink.ts";
import { usePlot } from "../chart/use-plot.ts";
import { useSize } from "../chart/use-size.ts";
import { zoomLimit } from "../chart/zoom.ts";
import { Ensemble } from "../ensemble/ensemble.ts";
import { EnsembleChart } from "../ensemble/ensemble-chart.tsx";
import type { EnsembleFigure } from "../ensemble/figure.ts";
import type { WebsocketTarget } from "../server/websocket-target.ts";
import { Samples } from "../stream/samples.ts";
import { ShownDevices } from "../view/shown-devices.ts";
import {
	FIRST_VIEW,
	SNAPSHOT_WINDOW_MS,
	toKeep,
	type View,
	type Zoom,
} from "../view/view.ts";
import { Connection } from "./connection.tsx";
import { DeviceTable } from "./device-table.tsx";
import { EmptyState } from "./empty-state.tsx";
import { EnsemblePanel } from "./ensemble-panel.tsx";
import { ExportMenu } from "./export-menu.tsx";
import { Logo } from "./logo.tsx";
import { Pages } from "./pages.tsx";
import { Problems } from "./problems.tsx";
import { Stats } from "./stats.tsx";
import { Toolbar } from "./toolbar.tsx";
import { useComparison } from "./use-comparison.ts";
import { useLiveStream } from "./use-live-stream.ts";
import { useMedia } from "./use-media.ts";
import { usePulse } from "./use-pulse.ts";
import { ZoomButtons } from "./zoom-buttons.tsx";

/** Readers cannot follow text that changes ten times a second. */
const TEXT_INTERVAL_MS = 250;

/** [the picture, the numbers next to it] */
const NAMES: Record<View["kind"], readonly [string, string]> = {
	paths: ["Paths over time", "Last records"],
	ensemble: ["All devices over time", "The ensemble in numbers"],
	engines: ["Two engines over time", "The engines in numbers"],
};

// Loaded only if there is a second engine.
const EnginesCharts = lazy(() => import("../compare/engines-charts.tsx"));
const EnginesPanel = lazy(() => import("../compare/engines-panel.tsx"));

export function Dashboard({
	target,
	compare,
}: {
	target: WebsocketTarget;
	/** The target of a second engine. */
	compare?: WebsocketTarget | undefined;
}) {
	const stream = useLiveStream(target);
	const comparison = useComparison(stream, compare);
	const plot = usePlot();
	const ink = useInk();
	const [view, setView] = useState<View>(FIRST_VIEW);
	const [shown] = useState(() => new ShownDevices());
	const [drawMs] = useState(() => new Samples());
	const [ensemble] = useState(() => new Ensemble());
	const draws = useRef(0);
	const figure = useRef<Figure | EnsembleFigure>(undefined);
	// A finger scrolls the page; a mouse or a pen zooms.
	const dragZooms = useMedia("(any-pointer: fine)");
	const chart = useRef<HTMLElement>(null);
	const size = useSize(chart);
	usePulse(stream, TEXT_INTERVAL_MS);

	const change = useCallback(
		(changed: Partial<View>) => {
			if ((changed.windowMs ?? 0) > SNAPSHOT_WINDOW_MS)
				for (const one of comparison?.streams ?? (stream ? [stream] : []))
					one.reachBack(changed.windowMs as number);
			setView((view) => ({ ...view, ...changed }));
		},
		[stream, comparison],
	);
	const onDrawn = useCallback(() => {
		draws.current += 1;
	}, []);

	const onFigure = useCallback((newest: Figure | EnsembleFigure) => {
		figure.current = newest;
	}, []);
	const onZoom = useCallback(
		(zoom: Zoom | undefined) => change({ zoom }),
		[change],
	);
	const pathsFigure = () =>
		figure.current && "lines" in figure.current ? figure.current : undefined;

	if (stream) {
		for (const { store } of comparison?.streams ?? [stream])
			Object.assign(store, toKeep(view));
		shown.update(
			stream.store,
			view.selection,
			view.windowMs,
			performance.now(),
		);
	}
	const loaded = plot instanceof Error ? undefined : plot;
	const { kind } = view;
	const paths = kind !== "ensemble";
	const [pictureName, numbersName] = NAMES[kind];
	const chartProps = loaded &&
		stream &&
		size &&
		ink && {
			Plot: loaded.Plot,
			stream,
			view,
			size,
			ink,
			drawMs,
			onDrawn,
			onFigure,
		};
	return (
		<main
			data-connection={stream?.state.kind ?? "idle"}
			data-draws={draws.current}
			data-draw-p50-ms={drawMs.quantile(0.5)?.toFixed(1)}
			data-draw-p95-ms={drawMs.quantile(0.95)?.toFixed(1)}
			data-events={stream?.store.events}
		>
			<header>
				<h1>
					<Logo /> Fireworks
				</h1>
				<Pages current="/" />
				<Connection stream={stream} />
			</header>
			<Stats stream={stream} />
			<Problems stream={stream} />
			<Toolbar
				stream={stream}
				shown={shown}
				view={view}
				engines={comparison !== undefined}
				change={change}
			>
				{loaded && stream && ink && (
					<ExportMenu
						stream={stream}
						shown={shown}
						view={view}
						ink={ink}
						toImage={loaded.toImage}
						figure={() => figure.current}
					/>
				)}
			</Toolbar>
			<div className="panels">
				<section
					ref={chart}
					className="chart"
					data-kind={kind}
					aria-label={pictureName}
				>
					{chartProps && paths && (
						<>
							{kind === "engines" && comparison ? (
								<Suspense>
									<EnginesCharts
										{...chartProps}
										comparison={comparison}
										shown={shown}
										dragZooms={dragZooms}
										onZoom={onZoom}
									/>
								</Suspense>
							) : (
								<LiveChart
									{...chartProps}
									shown={shown}
									dragZooms={dragZooms}
									onZoom={onZoom}
								/>
							)}
							<ZoomButtons
								zoom={view.zoom}
								figure={pathsFigure}
								limit={() =>
									zoomLimit(
										chartProps.stream.store.oldestMs(),
										chartProps.stream.store.newestMs,
										view.windowMs,
									)
								}
								onZoom={onZoom}
							/>
						</>
					)}
					{chartProps && !paths && (
						<EnsembleChart {...chartProps} ensemble={ensemble} />
					)}
					<EmptyState
						stream={stream}
						nothingChosen={paths && shown.indices.length === 0}
						plotError={plot instanceof Error ? plot : undefined}
					/>
				</section>
				<section className="records" aria-label={numbersName}>
					{stream && !paths && <EnsemblePanel stream={stream} />}
					{comparison && kind === "engines" && (
						<Suspense>
							<EnginesPanel comparison={comparison} />
						</Suspense>
					)}
					{stream && ink && paths && (
						<DeviceTable
							stream={stream}
							shown={shown}
							view={view}
							theme={ink.theme}
							change={change}
						/>
					)}
				</section>
			</div>
			<noscript>This page draws in the browser: it needs JavaScript.</noscript>
		</main>
	);
}
