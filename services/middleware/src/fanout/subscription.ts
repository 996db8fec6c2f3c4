/** What a client wants to see: all devices, or some by name. Clients with the same wish share one of these, and all its work. */
import type { DeviceTable } from "../queue/device-table.ts";

/** deviceIds: null for all. windowMs: how far back a snapshot reaches, in event time. */
export interface Wish {
	deviceIds: readonly string[] | null;
	windowMs: number;
}

/** The same for the same set of devices, in whatever order they are named. */
export const wishKey = (wish: Wish): string =>
	wish.deviceIds === null
		? "*"
		: JSON.stringify([...new Set(wish.deviceIds)].sort());

export class Subscription {
	/** Short, for keys of caches. */
	readonly id: number;
	readonly key: string;
	readonly #devices: DeviceTable;
	readonly #deviceIds: readonly string[] | null;
	#mask: Uint8Array | undefined;
	#namesVersion = -1;

	constructor(id: number, wish: Wish, devices: DeviceTable) {
		this.id = id;
		this.key = wishKey(wish);
		this.#devices = devices;
		this.#deviceIds = wish.deviceIds;
	}

	/** 1 at the indexes of the wanted devices; undefined for all. Devices that come later are in from then on. */
	mask(): Uint8Array | undefined {
		if (this.#deviceIds === null) return undefined;
		if (this.#namesVersion !== this.#devices.namesVersion) {
			this.#namesVersion = this.#devices.namesVersion;
			this.#mask = new Uint8Array(this.#devices.count);
			for (const index of this.indexes()) this.#mask[index] = 1;
		}
		return this.#mask;
	}

	/** Indexes of the wanted devices that are known, each once. */
	indexes(): Iterable<number> {
		if (this.#deviceIds === null)
			return Array.from({ length: this.#devices.count }, (_, i) => i);
		const known = this.#deviceIds
			.map((deviceId) => this.#devices.indexOf(deviceId))
			.filter((index) => index !== undefined);
		return new Set(known);
	}
}
