/**
 * What a client wants to see: all devices, or some by name. Clients with equal requests share one
 * subscription, and all its work.
 */
import type { NameTable } from "../queue/name-table.ts";

/** deviceIds: null for all. windowMs: how far back a snapshot reaches, in event time. */
export interface SubscriptionRequest {
	deviceIds: readonly string[] | null;
	windowMs: number;
}

/** The same key for the same set of devices, in any order. */
export const keyOf = (request: SubscriptionRequest): string =>
	request.deviceIds === null
		? "*"
		: JSON.stringify([...new Set(request.deviceIds)].sort());

export class Subscription {
	/** Short, for cache keys. */
	readonly id: number;
	readonly key: string;
	readonly #devices: NameTable;
	readonly #deviceIds: readonly string[] | null;
	#mask: Uint8Array | undefined;
	#namesVersion = -1;

	constructor(id: number, request: SubscriptionRequest, devices: NameTable) {
		this.id = id;
		this.key = keyOf(request);
		this.#devices = devices;
		this.#deviceIds = request.deviceIds;
	}

	/**
	 * 1 at the indexes of the wanted devices; undefined for all. Devices that appear later are
	 * included from then on.
	 */
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
