/** Devices chosen one by one: a search and a bounded list of what it finds, in a panel that the browser itself opens and closes. */
import { useMemo, useState } from "react";
import type { DeviceInfo } from "../stream/live-store.ts";
import { count } from "../view/format.ts";
import { CHOSEN_MAX } from "../view/view.ts";

/** A longer list helps nobody: the search narrows it. */
const FOUND_MAX = 100;

export function DevicePicker({
	devices,
	name,
	chosen,
	choose,
}: {
	devices: readonly DeviceInfo[];
	/** What one of them is called. */
	name: string;
	chosen: readonly string[];
	choose(deviceIds: string[]): void;
}) {
	const [search, setSearch] = useState("");
	const found = useMemo(() => {
		const wanted = search.trim().toLowerCase();
		return devices.filter((d) => d.deviceId.toLowerCase().includes(wanted));
	}, [devices, search]);
	const full = chosen.length >= CHOSEN_MAX;
	return (
		<>
			<button type="button" popoverTarget="device-picker">
				Choose…
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
							<li key={deviceId}>
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
									{deviceId}
								</label>
							</li>
						);
					})}
				</ul>
				<p className="quiet">
					{found.length > FOUND_MAX
						? `The first ${FOUND_MAX} of ${count(found.length)} found. `
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
