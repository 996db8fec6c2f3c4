/** Replaces the charts while there is nothing to draw: says why, and what to do. */
import { secondsUntil } from "../../ui/connection.tsx";
import { Message } from "../../ui/empty-state.tsx";
import { count, instant } from "../../view/format.ts";
import type { ShownKeys } from "../data/shown-keys.ts";
import type { StreamFeed } from "../data/stream-feed.ts";
import type { StreamView } from "../view/view.ts";
import type { StreamTime } from "./use-time.ts";

export function StreamState({
	feed,
	shown,
	view,
	measures,
	time,
	change,
	plotError,
}: {
	feed: StreamFeed;
	shown: ShownKeys;
	view: StreamView;
	measures: readonly string[];
	time: StreamTime;
	change(changed: Partial<StreamView>): void;
	plotError: Error | undefined;
}) {
	const { state } = feed;
	if (plotError)
		return (
			<Message title="The chart could not be loaded">
				{plotError.message}. Reload the page to try again.
			</Message>
		);
	if (measures.length === 0)
		return (
			<Message title="This stream has no measures">
				Nothing can be drawn. Name its numbers in the stream's definition, under{" "}
				<code>measures</code>.
			</Message>
		);
	const { oldestMs, newestMs } = time.extent();
	if (!Number.isFinite(oldestMs)) {
		if (state.kind === "reconnecting")
			return (
				<Message title={feed.everOpen ? "Connection lost" : "Cannot connect"}>
					<code>{feed.url}</code> {state.why}: retrying, attempt {state.attempt}
					, next try in {secondsUntil(state.nextTryMs)} s.
				</Message>
			);
		if (state.kind !== "open" || !feed.snapshotted)
			return <Message title="Connecting">to {feed.url}</Message>;
		return <NoRecords feed={feed} shown={shown} view={view} change={change} />;
	}
	const [from, to] = time.visible();
	if (newestMs >= from && oldestMs <= to) return null;
	return (
		<Message title="Nothing in this time">
			<p>
				The shown keys have records from {instant(oldestMs).slice(0, 19)} to{" "}
				{instant(newestMs).slice(0, 19)}.
			</p>
			<button type="button" onClick={() => change({ time: { kind: "all" } })}>
				Show all of it
			</button>
		</Message>
	);
}

function NoRecords({
	feed,
	shown,
	view,
	change,
}: {
	feed: StreamFeed;
	shown: ShownKeys;
	view: StreamView;
	change(changed: Partial<StreamView>): void;
}) {
	const reasons = feed.problems?.records ?? [];
	if (view.keys.length > 0 && shown.indices.length === 0)
		return (
			<Message title="The stream does not have the chosen keys">
				<p>They are drawn as soon as a record of them comes.</p>
				<button type="button" onClick={() => change({ keys: [] })}>
					Show the first keys
				</button>
			</Message>
		);
	if (reasons.length > 0)
		return (
			<Message title="Records came, but none of them could be shown">
				{reasons
					.map(({ reason, count: n }) => `${count(n)}: ${reason}`)
					.join("; ")}
				. Compare them with the stream's definition.
			</Message>
		);
	return (
		<Message title="Connected, no records yet">
			The stream <bdi>{feed.name}</bdi> is empty. Its first record is drawn as
			soon as it comes. To bring some:{" "}
			<code>fireworks ingest FILE --stream {feed.name}</code>.
		</Message>
	);
}
