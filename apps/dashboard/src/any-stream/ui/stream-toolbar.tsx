/** The user's choices: stream, kind of chart, time, measures and keys. */
import { type ReactNode, useMemo } from "react";
import { DevicePicker } from "../../ui/device-picker.tsx";
import { count, rate } from "../../view/format.ts";
import type { ShownStream } from "../data/frames.ts";
import { keyName, type ShownKeys } from "../data/shown-keys.ts";
import type { StreamFeed } from "../data/stream-feed.ts";
import { type Chart, FIRST_VIEW, type StreamView } from "../view/view.ts";
import { MeasurePicker } from "./measure-picker.tsx";
import { TimePicker } from "./time-picker.tsx";
import type { StreamTime } from "./use-time.ts";

const CHART_NAMES: readonly (readonly [Chart, string])[] = [
	["lines", "Lines"],
	["bars", "Bars"],
	["heatmap", "Heat map"],
];

export interface StreamToolbarProps {
	feed: StreamFeed;
	streams: readonly ShownStream[];
	stream: ShownStream;
	shown: ShownKeys;
	view: StreamView;
	measures: readonly string[];
	time: StreamTime;
	change(changed: Partial<StreamView>): void;
	children?: ReactNode;
}

export function StreamToolbar(props: StreamToolbarProps) {
	const { feed, streams, stream, shown, view, measures, time, change } = props;
	const { keys } = feed.store;
	const fixed = view.time.kind === "fixed";
	return (
		<div className="toolbar">
			<label className="choice">
				<span className="hidden">Stream</span>
				<select
					value={stream.name}
					onChange={(event) =>
						change({ ...FIRST_VIEW, stream: event.target.value })
					}
				>
					{streams.map(({ name }) => (
						<option key={name}>{name}</option>
					))}
				</select>
			</label>
			<div role="radiogroup" aria-label="Kind of chart" className="segments">
				{CHART_NAMES.map(([chart, name]) => (
					<label key={chart}>
						<input
							type="radio"
							name="chart"
							checked={view.chart === chart}
							onChange={() => change({ chart })}
						/>
						<span>{name}</span>
					</label>
				))}
			</div>
			<TimePicker time={time} change={change} />
			<button
				type="button"
				className="pause"
				aria-pressed={fixed}
				onClick={() => (fixed ? time.live() : time.fix(time.visible()))}
			>
				{fixed ? "Go live" : "Pause"}
			</button>
			<MeasurePicker stream={stream} shown={measures} change={change} />
			<Keys keys={keys} chosen={view.keys} change={change} />
			<p className="shown quiet">
				{keys.length === 0
					? "\u00a0"
					: `${count(shown.indices.length)} of ${count(keys.length)} keys, ${rate(feed.rate.perSecond(Date.now()))} records/s`}
			</p>
			{props.children}
		</div>
	);
}

const BY_NAME = new Intl.Collator("en", { numeric: true });

function Keys({
	keys,
	chosen,
	change,
}: {
	keys: StreamFeed["store"]["keys"];
	chosen: StreamView["keys"];
	change: StreamToolbarProps["change"];
}) {
	// The chosen ones first: they are found without a search.
	const sorted = useMemo(() => {
		const first = new Set(chosen);
		const rank = (key: string | null) => (first.has(key) ? 0 : 1);
		const known = keys.map(({ key }) => ({ deviceId: key }));
		const missing = chosen.filter((key) => !keys.some((k) => k.key === key));
		return [...known, ...missing.map((deviceId) => ({ deviceId }))].sort(
			(a, b) =>
				rank(a.deviceId) - rank(b.deviceId) ||
				BY_NAME.compare(a.deviceId ?? "", b.deviceId ?? ""),
		);
	}, [keys, chosen]);
	if (sorted.length < 2 && chosen.length === 0) return null;
	return (
		<DevicePicker
			devices={sorted}
			name="key"
			chosen={chosen}
			choose={(keys) => change({ keys })}
			label={keyName}
			button={chosen.length === 0 ? "Keys…" : `Keys (${count(chosen.length)})…`}
		/>
	);
}
