/** The user's choices: the window, the devices, and whether the picture is paused. */
import { WIENER_LABELS } from "../stream/labels.ts";
import type { LiveStream } from "../stream/live-stream.ts";
import { count, windowName } from "../view/format.ts";
import type { ShownDevices } from "../view/shown-devices.ts";
import { CHOSEN_MAX, SHOWN_MAX, type View, WINDOWS_MS } from "../view/view.ts";
import { DevicePicker } from "./device-picker.tsx";

export interface ToolbarProps {
	stream: LiveStream | undefined;
	shown: ShownDevices;
	view: View;
	/** Whether there are two engines to compare side by side. */
	engines: boolean;
	change(change: Partial<View>): void;
	/** Other actions on what is shown. */
	children?: React.ReactNode;
}

const KINDS = [
	["paths", "Paths"],
	["ensemble", "Ensemble"],
	["engines", "Engines"],
] as const;

export function Toolbar(props: ToolbarProps) {
	const { stream, shown, view, engines, change } = props;
	const paths = view.kind !== "ensemble";
	const kinds = KINDS.filter(([kind]) => engines || kind !== "engines");
	const devices = stream?.store.devices ?? [];
	const { named, key } = stream?.labels ?? WIENER_LABELS;
	// The plural of a name from the server is unknown.
	const them = named ? `: ${key}` : " devices";
	return (
		<div className="toolbar">
			<div role="radiogroup" aria-label="View" className="segments">
				{kinds.map(([kind, name]) => (
					<label key={kind}>
						<input
							type="radio"
							name="kind"
							checked={view.kind === kind}
							onChange={() => change({ kind, zoom: undefined })}
						/>
						<span>{name}</span>
					</label>
				))}
			</div>
			<div role="radiogroup" aria-label="Window" className="segments">
				{WINDOWS_MS.map((ms) => (
					<label key={ms}>
						<input
							type="radio"
							name="window"
							checked={view.windowMs === ms}
							onChange={() => change({ windowMs: ms, zoom: undefined })}
						/>
						<span>{windowName(ms)}</span>
					</label>
				))}
			</div>
			<Pause stream={stream} view={view} change={change} />
			{paths && (
				<label className="choice">
					<span className="hidden">Shown{them}</span>
					<select
						value={view.selection.kind}
						onChange={(event) =>
							change({
								selection: selectionOf(event.target.value, stream, shown),
							})
						}
					>
						{devices.length > SHOWN_MAX && (
							<option value="first">
								First {SHOWN_MAX}
								{them}
							</option>
						)}
						{devices.length <= CHOSEN_MAX && (
							<option value={devices.length > SHOWN_MAX ? "all" : "first"}>
								All{them}
							</option>
						)}
						<option value="movers">Top movers</option>
						<option value="chosen">Chosen{them}</option>
					</select>
				</label>
			)}
			{paths && view.selection.kind === "chosen" && (
				<DevicePicker
					devices={devices}
					name={named ? key : "device"}
					chosen={view.selection.deviceIds}
					choose={(deviceIds) =>
						change({ selection: { kind: "chosen", deviceIds } })
					}
				/>
			)}
			<p className="shown quiet" data-shown={shown.indices.length}>
				{devices.length === 0
					? "\u00a0"
					: `${count(paths ? shown.indices.length : devices.length)} of ${count(devices.length)} shown`}
			</p>
			{props.children}
		</div>
	);
}

/** Choosing one by one starts with the devices on the screen. */
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
		: { kind: kind === "movers" || kind === "all" ? kind : "first" };

function Pause({
	stream,
	view,
	change,
}: Omit<ToolbarProps, "shown" | "engines">) {
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
