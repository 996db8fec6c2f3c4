"use client";
/**
 * The same devices of two engines, side by side (one above the other on a narrow screen), on the
 * same axes.
 */
import { useEffect, useMemo, useRef, useState } from "react";
import { LiveChart, type LiveChartProps } from "../chart/live-chart.tsx";
import { useSize } from "../chart/use-size.ts";
import { Samples } from "../stream/samples.ts";
import { EmptyState } from "../ui/empty-state.tsx";
import type { Comparison } from "./comparison.ts";
import { FollowedDevices, indexIn } from "./followed-devices.ts";

export interface EnginesChartsProps extends Omit<LiveChartProps, "axes"> {
	comparison: Comparison;
}

const ignore = () => {};

export default function EnginesCharts(props: EnginesChartsProps) {
	const { comparison, view, shown, ...chart } = props;
	const { axes, streams, comparer } = comparison;
	const [from, to] = comparer.sides;
	const followed = useMemo(
		() => new FollowedDevices(shown, from, to),
		[shown, from, to],
	);
	const [drawMs] = useState(() => new Samples());
	const [version, setVersion] = useState(0);
	useEffect(() => {
		axes.onChange = () => setVersion((n) => n + 1);
		return () => {
			axes.onChange = undefined;
		};
	}, [axes]);
	const { highlighted } = view;
	const itsHighlighted =
		highlighted === undefined
			? undefined
			: indexIn(to, from.store, highlighted);
	// A new view object is drawn at once. So both pictures follow when the range of values changes.
	const own = useMemo(() => ({ ...view }), [view, version]);
	const its = useMemo(
		() => ({ ...own, highlighted: itsHighlighted }),
		[own, itsHighlighted],
	);
	followed.update();
	return (
		<div className="engines">
			<EngineChart {...chart} axes={axes} view={own} shown={shown} />
			<EngineChart
				{...chart}
				stream={streams[1]}
				axes={axes}
				view={its}
				shown={followed}
				// The page's own figures come from its own stream.
				drawMs={drawMs}
				onDrawn={ignore}
				onFigure={ignore}
			/>
		</div>
	);
}

function EngineChart({ size: _, ...props }: LiveChartProps) {
	const ground = useRef<HTMLDivElement>(null);
	const size = useSize(ground);
	const { stream } = props;
	return (
		<figure className="engine">
			<figcaption>{stream.engine ?? "not connected yet"}</figcaption>
			<div ref={ground} className="engine-ground">
				{size && <LiveChart {...props} size={size} />}
				<EmptyState
					stream={stream}
					nothingChosen={false}
					plotError={undefined}
				/>
			</div>
		</figure>
	);
}
