/** What the reader of the charts must know: a stream in the past or ahead, and unknown keys. */
import { age, instant } from "../../view/format.ts";
import { keyName, type ShownKeys } from "../data/shown-keys.ts";
import type { StreamFeed } from "../data/stream-feed.ts";
import { isPast } from "../view/time-range.ts";
import type { StreamView } from "../view/view.ts";
import type { StreamTime } from "./use-time.ts";

/** More keys than this are only counted. */
const KEYS_NAMED = 3;
const AHEAD_MIN_MS = 10_000;

export function StreamNotes({
	feed,
	shown,
	view,
	time,
}: {
	feed: StreamFeed;
	shown: ShownKeys;
	view: StreamView;
	time: StreamTime;
}) {
	const notes = [
		...timeNotes(view, time),
		...historyNotes(feed),
		...(feed.snapshotted && shown.missing.length > 0
			? [missingNote(shown.missing)]
			: []),
	];
	return (
		<div role="status" className="notes quiet">
			{notes.map((note) => (
				<p key={note}>{note}</p>
			))}
		</div>
	);
}

function timeNotes(view: StreamView, time: StreamTime): string[] {
	const { newestMs, nowMs, ...rest } = time.extent();
	if (view.time.kind === "fixed" || !Number.isFinite(newestMs)) return [];
	const [from, to] = time.visible();
	const newest = instant(newestMs).slice(0, 19);
	if (isPast({ newestMs, nowMs, ...rest }, to - from))
		return [
			`This stream lies in the past: its newest record is of ${newest}. The charts end there.`,
		];
	if (newestMs - nowMs > AHEAD_MIN_MS && view.time.kind !== "all")
		return [
			`Some records lie ahead of the clock, the newest at ${newest}. Choose “Everything” to see them.`,
		];
	return [];
}

function historyNotes({ history }: StreamFeed): string[] {
	if (history === undefined) return [];
	const { table, failure, known, moreKeys } = history;
	const notes: string[] = [];
	if (known && !failure && !table?.committedAt)
		notes.push("The lake has no table of this stream, or nothing in it yet.");
	if (moreKeys)
		notes.push("The lake has more keys in this time: choose fewer to see all.");
	if (failure) notes.push(`No history: ${failure}. It is asked again.`);
	return notes;
}

/**
 * How fresh the lake's table is, and how its records are drawn. It changes all the time, so it is
 * not announced, as the notes are.
 */
export function HistoryLine({ feed }: { feed: StreamFeed }) {
	const { committedAt } = feed.history?.table ?? {};
	if (feed.history === undefined || !committedAt) return null;
	const { bucketMs, loading } = feed.history;
	const ago = age(Math.max(0, feed.serverNowMs - committedAt));
	return (
		<p className="history quiet" data-loading={loading}>
			{/* table up to 12:03:05, 4 s ago */}
			Table up to {instant(committedAt).slice(11, 19)},{" "}
			{ago.replace(/\.\d s$/, " s")} ago.
			{bucketMs !== undefined &&
				` Its records are drawn as the first, lowest, highest and last value of each ${age(bucketMs)}.`}
		</p>
	);
}

function missingNote(missing: readonly (string | null)[]): string {
	const named = missing.slice(0, KEYS_NAMED).map((key) => keyName(key));
	const more = missing.length - named.length;
	return `Not in the stream, or not yet: ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}.`;
}
