/** Decides which devices are drawn, and in which colour. */
import type { LiveStore } from "../stream/live-store.ts";
import { Slots } from "./slots.ts";
import { CHOSEN_MAX, type Selection, SHOWN_MAX } from "./view.ts";

/**
 * The ranking of movers is updated this often. More often, lines would keep appearing and
 * disappearing.
 */
const MOVERS_MS = 5_000;

/** Which devices a picture shows, and in which colours. */
export type Shown = Pick<ShownDevices, keyof ShownDevices>;

const BY_NAME = new Intl.Collator("en", { numeric: true });

export class ShownDevices {
	/** Indices of the shown devices, by name. */
	indices: readonly number[] = [];
	readonly #slots = new Slots();
	#devices: LiveStore["devices"] | undefined;
	#selection: Selection | undefined;
	#rankedMs = Number.NEGATIVE_INFINITY;

	slot(index: number): number {
		return this.#slots.of(index);
	}

	/** Brings `indices` up to date. windowMs: the window over which the movers are measured. */
	update(
		store: LiveStore,
		selection: Selection,
		windowMs: number,
		nowMs: number,
	): void {
		const due =
			selection.kind === "movers" && nowMs - this.#rankedMs >= MOVERS_MS;
		if (
			store.devices === this.#devices &&
			selection === this.#selection &&
			!due
		)
			return;
		this.#devices = store.devices;
		this.#selection = selection;
		this.#rankedMs = nowMs;
		this.indices = sortedByName(store, choose(store, selection, windowMs));
		this.#slots.give(this.indices);
	}
}

function choose(
	store: LiveStore,
	selection: Selection,
	windowMs: number,
): number[] {
	const all = store.devices.map((_, index) => index);
	switch (selection.kind) {
		case "first":
			return sortedByName(store, all).slice(0, SHOWN_MAX);
		case "all":
			return sortedByName(store, all).slice(0, CHOSEN_MAX);
		case "chosen": {
			const ids = new Set(selection.deviceIds.slice(0, CHOSEN_MAX));
			return all.filter((i) => ids.has(store.devices[i]?.deviceId ?? ""));
		}
		case "movers": {
			const moved = all.map((i) => movement(store, i, windowMs));
			return all
				.sort((a, b) => (moved[b] as number) - (moved[a] as number))
				.slice(0, SHOWN_MAX);
		}
	}
}

/** How far a device's path moved within the window that ends now. */
function movement(store: LiveStore, index: number, windowMs: number): number {
	const path = store.paths[index];
	const before = path?.valueAt(store.newestMs - windowMs);
	if (!path?.last || before === undefined) return -1;
	return Math.abs(path.last.value - before);
}

const sortedByName = (store: LiveStore, indices: number[]): number[] =>
	indices.sort((a, b) =>
		BY_NAME.compare(
			store.devices[a]?.deviceId ?? "",
			store.devices[b]?.deviceId ?? "",
		),
	);
