/**
 * The last records of the shown devices: the chart's legend, and the alternative to the chart for
 * users who cannot see it.
 *
 * The row's data attributes hold the whole record, with numbers as the shortest text that parses
 * back to the same double: a test compares them with the topic.
 */
import { memo } from "react";
import { lineColour, type Theme } from "../chart/colours.ts";
import { withUnit } from "../stream/labels.ts";
import type { LiveStream } from "../stream/live-stream.ts";
import type { Point } from "../stream/ring.ts";
import { isStale } from "../stream/staleness.ts";
import { age, value } from "../view/format.ts";
import type { ShownDevices } from "../view/shown-devices.ts";
import type { View } from "../view/view.ts";

export interface DeviceTableProps {
	stream: LiveStream;
	shown: ShownDevices;
	view: View;
	theme: Theme;
	change(change: Partial<View>): void;
}

export function DeviceTable(props: DeviceTableProps) {
	const { stream, shown, view, theme, change } = props;
	const { labels } = stream;
	const now = stream.serverNowMs;
	return (
		<table className="devices">
			<caption className="hidden">
				The last record of each that is shown
			</caption>
			<thead>
				<tr>
					<th scope="col">{labels.key}</th>
					<th scope="col" className="number">
						{withUnit(labels.value, labels.valueUnit)}
					</th>
					<th scope="col" className="number">
						Seq
					</th>
					<th scope="col" className="number">
						Age
					</th>
				</tr>
			</thead>
			<tbody>
				{shown.indices.map((index) => {
					const last = stream.store.paths[index]?.last;
					const ageMs = last ? now - last.timeMs : undefined;
					return (
						<Row
							key={index}
							deviceId={stream.store.devices[index]?.deviceId ?? ""}
							last={last}
							colour={lineColour(shown.slot(index), theme)}
							age={ageMs === undefined ? "–" : age(ageMs)}
							stale={last !== undefined && isStale(last, now)}
							highlighted={view.highlighted === index}
							index={index}
							change={change}
						/>
					);
				})}
			</tbody>
		</table>
	);
}

interface RowProps {
	index: number;
	deviceId: string;
	last: Point | undefined;
	colour: string;
	age: string;
	stale: boolean;
	highlighted: boolean;
	change(change: Partial<View>): void;
}

const Row = memo(function Row(props: RowProps) {
	const { index, deviceId, last, highlighted, change } = props;
	return (
		<tr
			data-device={deviceId}
			data-seq={last?.seq}
			data-timestamp={last?.timeMs}
			data-value={last && String(last.value)}
			data-stale={props.stale || undefined}
		>
			<th scope="row">
				<button
					type="button"
					aria-pressed={highlighted}
					title="Show this path stronger than the others"
					onClick={() =>
						change({ highlighted: highlighted ? undefined : index })
					}
				>
					<span
						className="swatch"
						aria-hidden="true"
						style={{ background: props.colour }}
					/>
					<span className="name">{deviceId}</span>
				</button>
			</th>
			<td className="number" title={last && String(last.value)}>
				{last ? value(last.value) : "–"}
			</td>
			<td className="number">{last?.seq ?? "–"}</td>
			<td className="number age">{props.age}</td>
		</tr>
	);
});
