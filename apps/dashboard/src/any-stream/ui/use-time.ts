"use client";
/** The visible time of all charts, and what the user can do with it. */
import { useMemo, useRef } from "react";
import type { Range } from "../../chart/ranges.ts";
import { shownIntervalMs } from "../chart/stream-lines.ts";
import type { ShownKeys } from "../data/shown-keys.ts";
import type { StreamFeed } from "../data/stream-feed.ts";
import { heldTimes } from "../history/held-times.ts";
import {
	type Extent,
	limitOf,
	panned,
	type TimeChoice,
	visibleRange,
	zoomed,
} from "../view/time-range.ts";
import type { StreamView } from "../view/view.ts";

export interface StreamTime {
	choice: TimeChoice;
	/** The visible range now. */
	visible(): Range;
	extent(): Extent;
	fix(range: Range): void;
	/** The times go on with the stream. */
	live(): void;
	/** part: which part of the range stays in its place. */
	zoom(factor: number, part?: number): void;
	/** Moves by a part of the range. */
	move(part: number): void;
}

/** The dates that JavaScript can write, ms since 1970. */
const DATE_MAX_MS = 8.64e15;

export function useTime(
	feed: StreamFeed,
	shown: ShownKeys,
	choice: TimeChoice,
	change: (changed: Partial<StreamView>) => void,
): StreamTime {
	/** What to return to. */
	const lastLive = useRef<TimeChoice>({ kind: "auto" });
	if (choice.kind !== "fixed") lastLive.current = choice;
	const interval = useRef({ version: -1, ms: Number.POSITIVE_INFINITY });
	return useMemo(() => {
		const intervalMs = () => {
			const { version } = feed.store;
			if (interval.current.version !== version)
				interval.current = { version, ms: shownIntervalMs(feed.store, shown) };
			return interval.current.ms;
		};
		const extent = (): Extent => {
			const { store, history, serverNowMs: nowMs } = feed;
			return {
				...heldTimes(store, history?.table, nowMs),
				nowMs,
				intervalMs: intervalMs(),
			};
		};
		const visible = () => visibleRange(choice, extent());
		const fix = ([from, to]: Range) => {
			const [fromMs, toMs] = [from, to].map((ms) =>
				Math.max(-DATE_MAX_MS, Math.min(DATE_MAX_MS, Math.round(ms))),
			) as [number, number];
			if (fromMs < toMs) change({ time: { kind: "fixed", fromMs, toMs } });
		};
		const moved = (next: (now: Range, limit: Range) => Range) => {
			const now = visible();
			const to = next(now, limitOf(now, extent()));
			if (to[0] !== now[0] || to[1] !== now[1]) fix(to);
		};
		return {
			choice,
			visible,
			extent,
			fix,
			live: () => change({ time: lastLive.current }),
			zoom: (factor, part) =>
				moved((now, limit) => zoomed(now, factor, limit, part)),
			move: (part) => moved((now, limit) => panned(now, part, limit)),
		};
	}, [feed, shown, choice, change]);
}
