/**
 * The devices of this pod. Each has a number, so that an event costs 4 bytes instead of a name.
 */
import { NameTable } from "./name-table.ts";

export interface DeviceEntry {
	index: number;
	deviceId: string;
	/** 1/s */
	drift: number;
	/** 1/sqrt(s) */
	volatility: number;
}

export class DeviceTable extends NameTable<DeviceEntry, string> {
	protected nameOf({ deviceId }: DeviceEntry): string {
		return deviceId;
	}

	/** The device's index; adds or updates the device if needed. Undefined if the table is full. */
	resolve(
		deviceId: string,
		drift: number,
		volatility: number,
	): number | undefined {
		const index = this.indexOf(deviceId);
		if (index === undefined)
			return this.add(deviceId, (index) => ({
				index,
				deviceId,
				drift,
				volatility,
			}));
		const entry = this.entries[index] as DeviceEntry;
		if (entry.drift !== drift || entry.volatility !== volatility) {
			entry.drift = drift;
			entry.volatility = volatility;
			this.changed(index);
		}
		return index;
	}
}
