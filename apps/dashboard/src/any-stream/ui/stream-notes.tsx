/** What the reader of the charts must know: a stream in the past or ahead, and unknown keys. */
import { instant } from "../../view/format.ts";
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

function missingNote(missing: readonly (string | null)[]): string {
	const named = missing.slice(0, KEYS_NAMED).map((key) => keyName(key));
	const more = missing.length - named.length;
	return `Not in the stream, or not yet: ${named.join(", ")}${more > 0 ? ` and ${more} more` : ""}.`;
}
