/**
 * The devices, each with one number for as long as the client lives.
 *
 * A frame names a device by its index in the table of one pod, which means nothing on the next connection. Here the pod's index
 * becomes ours, given in order of first sight, so that whoever draws can keep arrays by it across reconnects.
 */
import type { Device } from "@fireworks/contracts";

/** Bounds the table against a server that is no Fireworks. */
export const DEVICES_MAX = 200_000;

export class DeviceTable {
	readonly #devices: Device[] = [];
	readonly #ours = new Map<string, number>();
	#byTheirs: (number | undefined)[] = [];

	/** All devices seen so far; `index` is ours and is the place in this array. */
	get devices(): readonly Device[] {
		return this.#devices;
	}

	/** A new connection: its indices mean nothing yet. */
	newConnection(): void {
		this.#byTheirs = [];
	}

	/** Takes a frame's devices in; false where there are more than the table may hold. */
	update(devices: readonly Device[]): boolean {
		for (const device of devices) {
			const index = this.#ours.get(device.deviceId) ?? this.#devices.length;
			if (index >= DEVICES_MAX || device.index >= DEVICES_MAX) return false;
			this.#ours.set(device.deviceId, index);
			this.#devices[index] = { ...device, index };
			this.#byTheirs[device.index] = index;
		}
		return true;
	}

	/** Rewrites a column of the pod's indices into ours; false where one of them was never announced. */
	translate(column: number[]): boolean {
		for (let i = 0; i < column.length; i++) {
			const ours = this.#byTheirs[column[i] as number];
			if (ours === undefined) return false;
			column[i] = ours;
		}
		return true;
	}
}
