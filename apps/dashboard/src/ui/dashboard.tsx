"use client";
/** The page: puts the stream, the view and the parts together. */
import { useCallback, useRef, useState } from "react";
import { LiveChart } from "../chart/live-chart.tsx";
import { useInk } from "../chart/use-ink.ts";
import { usePlot } from "../chart/use-plot.ts";
import { useSize } from "../chart/use-size.ts";
import type { WebsocketTarget } from "../server/websocket-target.ts";
import { Samples } from "../stream/samples.ts";
import { ShownDevices } from "../view/shown-devices.ts";
import { FIRST_VIEW, SNAPSHOT_WINDOW_MS, type View } from "../view/view.ts";
import { Connection } from "./connection.tsx";
import { DeviceTable } from "./device-table.tsx";
import { EmptyState } from "./empty-state.tsx";
import { Logo } from "./logo.tsx";
import { Stats } from "./stats.tsx";
import { Toolbar } from "./toolbar.tsx";
import { useLiveStream } from "./use-live-stream.ts";
import { usePulse } from "./use-pulse.ts";

/** Text need not change ten times a second to be read. */
const TEXT_INTERVAL_MS = 250;

export function Dashboard({ target }: { target: WebsocketTarget }) {
	const stream = useLiveStream(target);
	const plot = usePlot();
	const ink = useInk();
	const [view, setView] = useState<View>(FIRST_VIEW);
	const [shown] = useState(() => new ShownDevices());
	const [drawMs] = useState(() => new Samples());
	const draws = useRef(0);
	const chart = useRef<HTMLElement>(null);
	const size = useSize(chart);
	usePulse(stream, TEXT_INTERVAL_MS);

	const change = useCallback(
		(changed: Partial<View>) => {
			if ((changed.windowMs ?? 0) > SNAPSHOT_WINDOW_MS)
				stream?.reachBack(changed.windowMs as number);
			setView((view) => ({ ...view, ...changed }));
		},
		[stream],
	);
	const onDrawn = useCallback(() => {
		draws.current += 1;
	}, []);

	if (stream)
		shown.update(
			stream.store,
			view.selection,
			view.windowMs,
			performance.now(),
		);
	const Plot = plot instanceof Error ? undefined : plot;
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
				<Connection stream={stream} />
			</header>
			<Stats stream={stream} />
			<Toolbar stream={stream} shown={shown} view={view} change={change} />
			<div className="panels">
				<section ref={chart} className="chart" aria-label="Paths over time">
					{Plot && stream && size && ink && (
						<LiveChart
							Plot={Plot}
							stream={stream}
							shown={shown}
							view={view}
							size={size}
							ink={ink}
							drawMs={drawMs}
							onDrawn={onDrawn}
						/>
					)}
					<EmptyState
						stream={stream}
						shown={shown}
						plotError={plot instanceof Error ? plot : undefined}
					/>
				</section>
				<section className="records" aria-label="Last records">
					{stream && ink && (
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
