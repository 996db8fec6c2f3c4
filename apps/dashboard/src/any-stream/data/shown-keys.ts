/** Decides which keys are drawn, and in which colour. */
import { Slots } from "../../view/slots.ts";
import type { Chart, StreamView } from "../view/view.ts";
import type { ShownKey } from "./frames.ts";

/** Lines drawn unless the user chooses keys. */
const LINES_MAX = 20;
/** Rows of a heat map, unless the user chooses keys. */
const ROWS_MAX = 200;

const BY_NAME = new Intl.Collator("en", { numeric: true });

/** What a page calls a key. */
export const keyName = (key: string | null): string =>
	key === null ? "(no key)" : key === "" ? "(empty key)" : key;

export class ShownKeys {
	/** By name. */
	indices: readonly number[] = [];
	/** Whether they are all keys of the stream. */
	all = true;
	/** Chosen keys that the stream does not have, or not yet. */
	missing: readonly (string | null)[] = [];
	readonly #slots = new Slots();
	#keys: readonly ShownKey[] | undefined;
	#chosen: StreamView["keys"] | undefined;
	#chart: Chart | undefined;

	slot(index: number): number {
		return this.#slots.of(index);
	}

	/** Brings it up to date; true if it changed. */
	update(
		keys: readonly ShownKey[],
		{ keys: chosen, chart }: Pick<StreamView, "keys" | "chart">,
	): boolean {
		if (keys === this.#keys && chosen === this.#chosen && chart === this.#chart)
			return false;
		this.#keys = keys;
		this.#chosen = chosen;
		this.#chart = chart;
		const most = chart === "heatmap" ? ROWS_MAX : LINES_MAX;
		const wanted = new Set(chosen);
		const found = keys.filter(
			({ key }) => wanted.size === 0 || wanted.has(key),
		);
		const shown = found
			.toSorted((a, b) => BY_NAME.compare(a.key ?? "", b.key ?? ""))
			.slice(0, wanted.size === 0 ? most : wanted.size);
		this.indices = shown.map(({ index }) => index);
		this.all = keys.length > 0 && shown.length === keys.length;
		const known = new Set(found.map(({ key }) => key));
		this.missing = chosen.filter((key) => !known.has(key));
		this.#slots.give(this.indices);
		return true;
	}
}
