/**
 * The devices of the first picture, for the second picture: the same devices in the same colours,
 * although the two streams number them differently.
 */
import type { LiveStore } from "../stream/live-store.ts";
import type { Shown } from "../view/shown-devices.ts";
import type { EngineSide } from "./engine-side.ts";

export class FollowedDevices implements Shown {
	indices: readonly number[] = [];
	readonly #leader: Shown;
	readonly #from: EngineSide;
	readonly #to: EngineSide;
	#seen: readonly unknown[] = [];

	constructor(leader: Shown, from: EngineSide, to: EngineSide) {
		this.#leader = leader;
		this.#from = from;
		this.#to = to;
	}

	update(): void {
		const seen = [this.#leader.indices, this.#to.store.devices];
		if (seen.every((it, i) => it === this.#seen[i])) return;
		this.#seen = seen;
		this.indices = this.#leader.indices.flatMap(
			(index) => indexIn(this.#to, this.#from.store, index) ?? [],
		);
	}

	slot(index: number): number {
		const leading = indexIn(this.#from, this.#to.store, index);
		return leading === undefined ? 0 : this.#leader.slot(leading);
	}
}

/** The index in `side` of the device with `index` in `store`. */
export const indexIn = (
	side: EngineSide,
	store: LiveStore,
	index: number,
): number | undefined => side.indexOf(store.devices[index]?.deviceId ?? "");
