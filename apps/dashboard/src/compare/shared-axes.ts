/**
 * The axes of two pictures side by side. Time ends at the newest event of either, and the values of
 * both fit.
 */
import type { Axes } from "../chart/figure.ts";
import { type Range, valueRange } from "../chart/ranges.ts";
import type { LiveStore } from "../stream/live-store.ts";

export class SharedAxes implements Axes {
	/** Called when the range has changed: the other picture must follow. */
	onChange: (() => void) | undefined;
	readonly #stores: readonly [LiveStore, LiveStore];
	readonly #extents = new Map<LiveStore, readonly [number, number]>();
	#range: Range | undefined;

	constructor(first: LiveStore, second: LiveStore) {
		this.#stores = [first, second];
	}

	get newestMs(): number {
		return this.#ahead.newestMs;
	}
	get newestCameMs(): number {
		return this.#ahead.newestCameMs;
	}

	values(of: LiveStore, low: number, high: number): Range {
		// A picture without lines does not affect the range.
		if (Number.isFinite(of.newestMs)) this.#extents.set(of, [low, high]);
		const all = [...this.#extents.values()];
		const range = valueRange(
			all.length ? Math.min(...all.map(([from]) => from)) : low,
			all.length ? Math.max(...all.map(([, to]) => to)) : high,
			this.#range,
		);
		const changed = range !== this.#range;
		this.#range = range;
		if (changed) this.onChange?.();
		return range;
	}

	get #ahead(): LiveStore {
		const [first, second] = this.#stores;
		return second.newestMs > first.newestMs ? second : first;
	}
}
