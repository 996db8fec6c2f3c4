/**
 * The current ensemble: the bands over the window, and the newest band for this moment. Recomputed
 * only when something moved.
 */
import type { LiveStore } from "../stream/live-store.ts";
import { type Band, bandAt } from "./bands.ts";
import { type Column, columnAt, EnsembleGrid } from "./grid.ts";

export class Ensemble {
	readonly #grid = new EnsembleGrid();
	#bands: Band[] = [];
	#anchor: Column | undefined;
	#standardised = true;

	/** The time at which the paths are taken to begin. */
	get anchorMs(): number | undefined {
		return this.#anchor?.atMs;
	}
	get devices(): number {
		return this.#grid.devices.length;
	}

	/**
	 * The bands up to newestMs, oldest first, standardised if there is a theory. `more`: part of
	 * the window is still missing.
	 */
	update(
		store: LiveStore,
		windowMs: number,
		newestMs: number,
		standardised: boolean,
	): { bands: readonly Band[]; more: boolean } {
		const done = this.#grid.update(store, windowMs, newestMs);
		const { columns, devices } = this.#grid;
		// If the stream is younger than the window, begin where half of its devices have points.
		const first = columns.findIndex(
			({ known }) => known > 0 && known >= devices.length / 2,
		);
		const anchor = columns[first];
		if (!anchor) return { bands: [], more: !done };
		if (anchor !== this.#anchor || standardised !== this.#standardised)
			this.#bands = [];
		this.#anchor = anchor;
		this.#standardised = standardised;
		const band = (at: Column) =>
			bandAt(store, devices, anchor, at, standardised);
		for (const at of columns.slice(first + 1 + this.#bands.length))
			this.#bands.push(band(at));
		if (!done) return { bands: this.#bands, more: true };
		const now = columnAt(store, devices, newestMs);
		return { bands: [...this.#bands, band(now)], more: false };
	}
}
