/**
 * The devices of this pod: a number for each, so that an event costs 4 bytes instead of a name.
 *
 * Bounded by `max`. Where it is full, a device that has no event left in the queue gives up its number to a new one; where there is no such
 * device, the new one is refused. Everything that clients must be told again raises `version`; `namesVersion` rises only where a number got
 * a name.
 */

export interface DeviceEntry {
	index: number;
	deviceId: string;
	/** 1/s */
	drift: number;
	/** 1/sqrt(s) */
	volatility: number;
}

export class DeviceTable {
	readonly max: number;
	readonly #entries: DeviceEntry[] = [];
	readonly #indexOf = new Map<string, number>();
	/** By index: the version at which the entry changed last. */
	readonly #changed: number[] = [];
	/** By index: ordinal of the device's newest event, -1 where the queue has none. */
	readonly #newest: number[] = [];
	/** Devices without an event in the queue, longest first. */
	readonly #idle = new Set<number>();
	#version = 0;
	#namesVersion = 0;

	constructor(max: number) {
		this.max = max;
	}

	get count(): number {
		return this.#entries.length;
	}
	get version(): number {
		return this.#version;
	}
	get namesVersion(): number {
		return this.#namesVersion;
	}

	indexOf(deviceId: string): number | undefined {
		return this.#indexOf.get(deviceId);
	}

	/** The device's index, added or changed where needed; undefined where the table is full. */
	resolve(
		deviceId: string,
		drift: number,
		volatility: number,
	): number | undefined {
		const index = this.#indexOf.get(deviceId);
		if (index === undefined) return this.#add(deviceId, drift, volatility);
		const entry = this.#entries[index] as DeviceEntry;
		if (entry.drift !== drift || entry.volatility !== volatility) {
			entry.drift = drift;
			entry.volatility = volatility;
			this.#changed[index] = ++this.#version;
		}
		return index;
	}

	#add(
		deviceId: string,
		drift: number,
		volatility: number,
	): number | undefined {
		const index = this.count < this.max ? this.count : this.#recycled();
		if (index === undefined) return undefined;
		this.#entries[index] = { index, deviceId, drift, volatility };
		this.#indexOf.set(deviceId, index);
		this.#newest[index] = -1;
		this.#changed[index] = ++this.#version;
		this.#namesVersion++;
		this.#idle.add(index);
		return index;
	}

	#recycled(): number | undefined {
		const [index] = this.#idle;
		if (index === undefined) return undefined;
		this.#idle.delete(index);
		this.#indexOf.delete((this.#entries[index] as DeviceEntry).deviceId);
		return index;
	}

	newestOf(index: number): number {
		return this.#newest[index] ?? -1;
	}

	/** The queue took an event of this device in. */
	appended(index: number, ordinal: number): void {
		this.#newest[index] = ordinal;
		this.#idle.delete(index);
	}

	/** The queue dropped this event; was it the device's last one? */
	evicted(index: number, ordinal: number): void {
		if (this.#newest[index] !== ordinal) return;
		this.#newest[index] = -1;
		this.#idle.add(index);
	}

	/** The queue dropped everything. */
	cleared(): void {
		for (let index = 0; index < this.count; index++) {
			this.#newest[index] = -1;
			this.#idle.add(index);
		}
	}

	/** What a client that knows the table at `version` must be told. */
	changedSince(version: number): DeviceEntry[] {
		return version === this.#version
			? []
			: this.#entries.filter((_, i) => (this.#changed[i] ?? 0) > version);
	}
}
