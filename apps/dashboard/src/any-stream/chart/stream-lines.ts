/** The lines of one measure: which points of which keys, and how they look. */
import { lineColour, type Theme } from "../../chart/colours.ts";
import { decimate } from "../../chart/decimate.ts";
import type { Line } from "../../chart/lines.ts";
import { lineWidth } from "../../chart/lines.ts";
import type { Range } from "../../chart/ranges.ts";
import type { PointStore } from "../data/point-store.ts";
import { keyName, type ShownKeys } from "../data/shown-keys.ts";
import { type Track, trackOf, usualIntervalMs } from "../data/track.ts";
import type { StreamHistory } from "../history/stream-history.ts";
import { withDots } from "./stream-figure.ts";

/** The most points of all lines together: as on the page of the built-in example. */
const POINTS_DRAWN_MAX = 40_000;
const BUCKETS_MIN = 50;
/** A line of single points is drawn this wide: they are dots. */
const DOT_PX = 4;
/** While one key is highlighted, the others are drawn fainter. */
const FAINT = 0.25;
const HIGHLIGHTED_PX = 2.5;

export interface LineOptions {
	shown: ShownKeys;
	/** Index of the key that is drawn stronger. */
	highlighted: number | undefined;
	theme: Theme;
	/** Of the chart, in pixels. */
	width: number;
	/** Whether points without neighbours must be drawn as dots. */
	dots: boolean;
}

export class StreamLines {
	readonly #store: PointStore;
	readonly #measure: string;
	/** undefined: there is no lake. */
	readonly #history: Pick<StreamHistory, "of" | "version"> | undefined;
	/** By key: the track of a version of its points. */
	readonly #tracks = new Map<number, { version: string; track: Track }>();

	constructor(
		store: PointStore,
		measure: string,
		history?: Pick<StreamHistory, "of" | "version">,
	) {
		this.#store = store;
		this.#measure = measure;
		this.#history = history;
	}

	lines(
		x: Range,
		{ shown, highlighted, theme, width, dots }: LineOptions,
	): Line[] {
		const { indices } = shown;
		const buckets = Math.max(
			BUCKETS_MIN,
			Math.min(width, Math.floor(POINTS_DRAWN_MAX / (2 * indices.length || 1))),
		);
		for (const index of this.#tracks.keys())
			if (!indices.includes(index)) this.#tracks.delete(index);
		return indices.flatMap((index): Line[] => {
			const track = this.trackOf(index);
			if (track === undefined || track.end === 0) return [];
			const bare = decimate(track, x[0], x[1], buckets);
			const { series, alone } = dots
				? withDots(bare)
				: { series: bare, alone: 0 };
			if (series.time.length === 0) return [];
			const strong = highlighted === index;
			const dotted = alone > series.time.length / 4;
			return [
				{
					device: index,
					deviceId: keyName(this.#store.keys[index]?.key ?? null),
					colour: lineColour(shown.slot(index), theme),
					opacity: highlighted === undefined || strong ? 1 : FAINT,
					width: dotted
						? DOT_PX
						: strong
							? HIGHLIGHTED_PX
							: lineWidth(indices.length),
					series,
				},
			];
		});
	}

	/** The measure of a key; undefined while it has no points. */
	trackOf(index: number): Track | undefined {
		const points = this.#store.pointsOf(index);
		const key = this.#store.keys[index]?.key;
		const history =
			key === undefined ? undefined : this.#history?.of(key, this.#measure);
		if (points === undefined && history === undefined) return undefined;
		const version = `${points?.version} ${this.#history?.version}`;
		const known = this.#tracks.get(index);
		if (known?.version === version) return known.track;
		const track = trackOf(points, this.#measure, history);
		this.#tracks.set(index, { version, track });
		return track;
	}
}

/** The shortest usual interval of the shown keys; infinite while it is unknown. */
export const shownIntervalMs = (store: PointStore, shown: ShownKeys): number =>
	shown.indices.reduce((least, index) => {
		const points = store.pointsOf(index);
		return points === undefined
			? least
			: Math.min(least, usualIntervalMs(points.times()));
	}, Number.POSITIVE_INFINITY);
