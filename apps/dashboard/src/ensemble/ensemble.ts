/** The ensemble as it stands: the bands over the window, and the newest one for this moment. Computed anew only where something moved. */
import type { LiveStore } from "../stream/live-store.ts";
import { type Band, bandAt } from "./bands.ts";
import { type Column, columnAt, EnsembleGrid } from "./grid.ts";

/** In which unit the picture is: that of the devices where all have the same, else of each one's own deviation. */
export interface Unit {
	drift: number;
	volatility: number;
	standardised: boolean;
}

export class Ensemble {
	readonly #grid = new EnsembleGrid();
	#bands: Band[] = [];
	#anchor: Column | undefined;

	/** Where the paths are taken to begin. */
	get anchorMs(): number | undefined {
		return this.#anchor?.atMs;
	}
	get devices(): number {
		return this.#grid.devices.length;
	}

	/** The bands up to newestMs, oldest first; `more`: not all of the window is there yet. */
	update(
		store: LiveStore,
		windowMs: number,
		newestMs: number,
	): { bands: readonly Band[]; more: boolean } {
		const done = this.#grid.update(store, windowMs, newestMs);
		const { columns, devices } = this.#grid;
		// A stream younger than the window begins where half of its devices do.
		const first = columns.findIndex(
			({ known }) => known > 0 && known >= devices.length / 2,
		);
		const anchor = columns[first];
		if (!anchor) return { bands: [], more: !done };
		if (anchor !== this.#anchor) this.#bands = [];
		this.#anchor = anchor;
		for (const at of columns.slice(first + 1 + this.#bands.length))
			this.#bands.push(bandAt(store, devices, anchor, at));
		if (!done) return { bands: this.#bands, more: true };
		const now = columnAt(store, devices, newestMs);
		const newest = bandAt(store, devices, anchor, now);
		return { bands: [...this.#bands, newest], more: false };
	}
}

export function unitOf(store: LiveStore): Unit {
	const [first] = store.devices;
	const alike =
		first !== undefined &&
		first.volatility > 0 &&
		store.devices.every(
			({ drift, volatility }) =>
				drift === first.drift && volatility === first.volatility,
		);
	return alike
		? { drift: first.drift, volatility: first.volatility, standardised: false }
		: { drift: 0, volatility: 1, standardised: true };
}
