/**
 * Chooses devices one by one: a search field and a bounded list of its results, in a panel that the
 * browser itself opens and closes.
 */
import { useMemo, useState } from "react";
import { count } from "../view/format.ts";
import { CHOSEN_MAX } from "../view/view.ts";

/** K: what identifies a device. */
export interface DevicePickerProps<K extends string | null> {
	devices: readonly { deviceId: K }[];
	/** The name of one device. */
	name: string;
	chosen: readonly K[];
	choose(deviceIds: K[]): void;
	/** How a device is written. Default: its id. */
	label?: (deviceId: K) => string;
	/** The text of the button that opens it. */
	button?: string;
}

/** A longer list is useless: the search narrows it down. */
const FOUND_MAX = 100;

export function DevicePicker<K extends string | null>({
	devices,
	name,
	chosen,
	choose,
	label = String,
	button = "Choose…",
}: DevicePickerProps<K>) {
	const [search, setSearch] = useState("");
	const found = useMemo(() => {
		const wanted = search.trim().toLowerCase();
		return devices.filter((d) =>
			label(d.deviceId).toLowerCase().includes(wanted),
		);
	}, [devices, search, label]);
	const full = chosen.length >= CHOSEN_MAX;
	return (
		<>
			<button type="button" popoverTarget="device-picker">
				{button}
			</button>
			<div id="device-picker" popover="auto" className="picker">
				<label htmlFor="device-search">Find a {name}</label>
				<input
					id="device-search"
					type="search"
					autoComplete="off"
					value={search}
					onChange={(event) => setSearch(event.target.value)}
				/>
				<ul>
					{found.slice(0, FOUND_MAX).map(({ deviceId }) => {
						const on = chosen.includes(deviceId);
						return (
							<li key={JSON.stringify(deviceId)}>
								<label>
									<input
										type="checkbox"
										checked={on}
										disabled={full && !on}
										onChange={() =>
											choose(
												on
													? chosen.filter((id) => id !== deviceId)
													: [...chosen, deviceId],
											)
										}
									/>
									<bdi>{label(deviceId)}</bdi>
								</label>
							</li>
						);
					})}
				</ul>
				<p className="quiet">
					{found.length > FOUND_MAX
						? `${count(found.length - FOUND_MAX)} more: search for them. `
						: `${count(found.length)} found. `}
					{chosen.length} chosen, at most {CHOSEN_MAX}.
				</p>
				<button type="button" onClick={() => choose([])}>
					Choose none
				</button>
			</div>
		</>
	);
}
