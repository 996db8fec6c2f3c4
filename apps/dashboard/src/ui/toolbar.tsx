/** What a person can choose: the window, the devices, and whether time stands still. */
import type { LiveStream } from "../stream/live-stream.ts";
import { count, windowName } from "../view/format.ts";
import type { ShownDevices } from "../view/shown-devices.ts";
import { SHOWN_MAX, type View, WINDOWS_MS } from "../view/view.ts";
import { DevicePicker } from "./device-picker.tsx";

export interface ToolbarProps {
	stream: LiveStream | undefined;
	shown: ShownDevices;
	view: View;
	change(change: Partial<View>): void;
}

export function Toolbar({ stream, shown, view, change }: ToolbarProps) {
	const devices = stream?.store.devices ?? [];
	return (
		<div className="toolbar">
			<div role="radiogroup" aria-label="Window" className="segments">
				{WINDOWS_MS.map((ms) => (
					<label key={ms}>
						<input
							type="radio"
							name="window"
							checked={view.windowMs === ms}
							onChange={() => change({ windowMs: ms })}
						/>
						<span>{windowName(ms)}</span>
					</label>
				))}
			</div>
			<Pause stream={stream} view={view} change={change} />
			<label className="choice">
				<span className="hidden">Devices shown</span>
				<select
					value={view.selection.kind}
					onChange={(event) =>
						change({
							selection: selectionOf(event.target.value, stream, shown),
						})
					}
				>
					<option value="first">
						{devices.length > SHOWN_MAX
							? `First ${SHOWN_MAX} devices`
							: "All devices"}
					</option>
					<option value="movers">Top movers</option>
					<option value="chosen">Chosen devices</option>
				</select>
			</label>
			{view.selection.kind === "chosen" && (
				<DevicePicker
					devices={devices}
					chosen={view.selection.deviceIds}
					choose={(deviceIds) =>
						change({ selection: { kind: "chosen", deviceIds } })
					}
				/>
			)}
			<p className="shown quiet" data-shown={shown.indices.length}>
				{devices.length === 0
					? "\u00a0"
					: `${count(shown.indices.length)} of ${count(devices.length)} shown`}
			</p>
		</div>
	);
}

/** Choosing one by one begins with what is on the screen. */
const selectionOf = (
	kind: string,
	stream: LiveStream | undefined,
	shown: ShownDevices,
): View["selection"] =>
	kind === "chosen"
		? {
				kind,
				deviceIds: shown.indices.flatMap(
					(i) => stream?.store.devices[i]?.deviceId ?? [],
				),
			}
		: { kind: kind === "movers" ? "movers" : "first" };

function Pause({ stream, view, change }: Omit<ToolbarProps, "shown">) {
	const { paused } = view;
	const store = stream?.store;
	const empty = !store || !Number.isFinite(store.newestMs);
	return (
		<button
			type="button"
			className="pause"
			aria-pressed={paused !== undefined}
			disabled={empty}
			data-waiting={paused && store ? store.events - paused.events : undefined}
			onClick={() =>
				change({
					paused:
						paused || !store
							? undefined
							: { newestMs: store.newestMs, events: store.events },
				})
			}
		>
			{paused && store
				? `Resume · ${count(store.events - paused.events)} waiting`
				: "Pause"}
		</button>
	);
}
