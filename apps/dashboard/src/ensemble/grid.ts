/**
 * All devices at a few moments: the input for the bands.
 *
 * The window is cut into GRID_STEPS. At each edge between steps, every device's point is looked up
 * once, when time has passed the edge. The column is kept as long as it is in the window. So a
 * frame costs at most one look-up per device. A new window is filled within a few frames of
 * LOOKUPS_A_FRAME each. Bound: GRID_STEPS + 1 columns of DEVICES_MAX devices.
 */
import type { LiveStore } from "../stream/live-store.ts";

export const GRID_STEPS = 60;
/** About 10 ms. */
const LOOKUPS_A_FRAME = 60_000;
/**
 * More devices than this do not improve the quantiles: only every second, third … device is taken.
 */
const DEVICES_MAX = 20_000;

/** For each sampled device, the newest point at or before the moment; NaN if it has none. */
export interface Column {
	atMs: number;
	/** Number of devices that have a point there. */
	known: number;
	time: Float64Array;
	value: Float64Array;
}

export class EnsembleGrid {
	/** Oldest first. */
	columns: Column[] = [];
	/** The devices in the columns, by index in the store. */
	devices: Uint32Array = new Uint32Array(0);
	#windowMs = 0;
	#known: LiveStore["devices"] | undefined;
	#snapshots = -1;

	/** Brings the columns up to newestMs; false if the next frame must continue. */
	update(store: LiveStore, windowMs: number, newestMs: number): boolean {
		if (
			windowMs !== this.#windowMs ||
			store.devices.length !== this.#known?.length ||
			store.snapshots !== this.#snapshots
		)
			this.#begin(store, windowMs);
		if (!Number.isFinite(newestMs)) return true;
		const stepMs = windowMs / GRID_STEPS;
		// A moment is looked up only once there are newer events. By then its own events have
		// arrived, also those of a slower partition.
		const last = Math.ceil(newestMs / stepMs) * stepMs - stepMs;
		const from = last - windowMs;
		this.columns = this.columns.filter(
			({ atMs }) => atMs >= from && atMs <= last,
		);
		let lookups = 0;
		let atMs = (this.columns.at(-1)?.atMs ?? from - stepMs) + stepMs;
		for (; atMs <= last; atMs += stepMs) {
			if (lookups >= LOOKUPS_A_FRAME) return false;
			this.columns.push(columnAt(store, this.devices, atMs));
			lookups += this.devices.length;
		}
		return true;
	}

	#begin(store: LiveStore, windowMs: number): void {
		this.columns = [];
		this.#windowMs = windowMs;
		this.#known = store.devices;
		this.#snapshots = store.snapshots;
		const every = Math.ceil(store.devices.length / DEVICES_MAX) || 1;
		this.devices = Uint32Array.from(
			{ length: Math.floor(store.devices.length / every) },
			(_, i) => i * every,
		);
	}
}

/** Every device's point at a moment. */
export function columnAt(
	{ paths }: LiveStore,
	devices: Uint32Array,
	atMs: number,
): Column {
	const time = new Float64Array(devices.length).fill(Number.NaN);
	const value = new Float64Array(devices.length);
	let known = 0;
	for (let i = 0; i < devices.length; i++) {
		const ring = paths[devices[i] as number]?.ring;
		if (!ring || ring.length === 0) continue;
		const place = ring.lastAtOrBefore(atMs);
		if (place < ring.begin) continue;
		time[i] = ring.time[place] as number;
		value[i] = ring.value[place] as number;
		known++;
	}
	return { atMs, known, time, value };
}
