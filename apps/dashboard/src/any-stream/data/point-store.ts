/**
 * All points that the page holds of one stream.
 *
 * Bounds: KEYS_MAX keys, and POINTS_MAX points over all of them. When they are more, each key keeps
 * its newest ones, up to an equal share; what is dropped is counted, and the page says so.
 */
import type { ShownKey, StreamEvents } from "./frames.ts";
import { KeyPoints } from "./key-points.ts";

const POINTS_MAX = 1_000_000;
/** After dropping, this fraction is left: so dropping is rare. */
const POINTS_LEFT = 0.8;
const KEY_POINTS_MIN = 16;
/** More keys than this are not held. */
const KEYS_MAX = 50_000;

export class PointStore {
	/** By index. */
	keys: readonly ShownKey[] = [];
	readonly #points: KeyPoints[] = [];
	#total = 0;
	readonly #pointsMax: number;
	/** Event times of all points; infinite while there are none. */
	oldestMs = Number.POSITIVE_INFINITY;
	newestMs = Number.NEGATIVE_INFINITY;
	/** Records received since the page was opened, with those of snapshots. */
	records = 0;
	/** Points dropped because of the bounds, since the last snapshot. */
	dropped = 0;
	/** Records that the server skipped because this page was too slow. */
	gapRecords = 0;
	/** Whether the server says which records of the topic the points are. Old ones do not. */
	placed = true;
	/** Rises with each change. */
	version = 0;

	constructor(pointsMax: number = POINTS_MAX) {
		this.#pointsMax = pointsMax;
	}

	/** Number of points held. */
	get length(): number {
		return this.#total;
	}

	pointsOf(index: number): KeyPoints | undefined {
		return this.#points[index];
	}

	takeKeys(keys: readonly ShownKey[]): void {
		this.keys = keys.slice(0, KEYS_MAX);
		this.version++;
	}

	takeGap(count: number): void {
		this.gapRecords += count;
		this.version++;
	}

	/** A snapshot replaces all points; a batch adds to them. */
	takeEvents({ type, columns }: StreamEvents): void {
		if (type === "snapshot") this.#clear();
		const { key, timestamp, partition, offset, measures } = columns;
		this.placed = partition !== undefined && offset !== undefined;
		const names = Object.keys(measures);
		for (let i = 0; i < key.length; i++) {
			const index = key[i] as number;
			if (index >= KEYS_MAX) {
				this.dropped++;
				continue;
			}
			let points = this.#points[index];
			if (points === undefined) {
				points = new KeyPoints();
				this.#points[index] = points;
			}
			const timeMs = timestamp[i] as number;
			const at = points.add(timeMs, partition?.[i], offset?.[i]);
			for (const name of names)
				points.set(at, name, measures[name]?.[i] ?? Number.NaN);
			if (timeMs < this.oldestMs) this.oldestMs = timeMs;
			if (timeMs > this.newestMs) this.newestMs = timeMs;
		}
		this.#total += key.length;
		this.records += key.length;
		if (this.#total > this.#pointsMax) this.#dropOldest();
		this.version++;
	}

	#clear(): void {
		this.#points.length = 0;
		this.#total = 0;
		this.dropped = 0;
		this.oldestMs = Number.POSITIVE_INFINITY;
		this.newestMs = Number.NEGATIVE_INFINITY;
	}

	#dropOldest(): void {
		const held = this.#points.filter((points) => points !== undefined);
		const share = Math.max(
			KEY_POINTS_MIN,
			Math.floor((this.#pointsMax * POINTS_LEFT) / held.length),
		);
		this.#total = 0;
		this.oldestMs = Number.POSITIVE_INFINITY;
		for (const points of held) {
			this.dropped += points.keepNewest(share);
			this.#total += points.length;
			this.oldestMs = Math.min(
				this.oldestMs,
				points.times()[0] ?? Number.POSITIVE_INFINITY,
			);
		}
	}
}
