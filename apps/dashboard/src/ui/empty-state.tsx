/** What the chart shows while it has no data: the actual reason. */
import type { LiveStream } from "../stream/live-stream.ts";
import { count } from "../view/format.ts";
import { secondsUntil } from "./connection.tsx";

export function EmptyState({
	stream,
	nothingChosen,
	plotError,
}: {
	stream: LiveStream | undefined;
	nothingChosen: boolean;
	plotError: Error | undefined;
}) {
	if (plotError)
		return (
			<Message title="The chart could not be loaded">
				{plotError.message}. Reload the page to try again.
			</Message>
		);
	if (!stream) return null;
	if (Number.isFinite(stream.store.newestMs))
		return !nothingChosen ? null : (
			<Message title="No device is shown">
				Choose some, or show the first or the top movers.
			</Message>
		);
	const { state, url, everOpen } = stream;
	const unreadable = stream.problems?.records ?? [];
	if (state.kind === "open" && unreadable.length > 0)
		return (
			<Message title="Records came, but none of them could be shown">
				{unreadable
					.map(({ reason, count: n }) => `${count(n)}: ${reason}`)
					.join("; ")}
				. The paths to a record's parts are settings of the middleware
				(FIREWORKS_MIDDLEWARE_*_PATH).
			</Message>
		);
	if (state.kind === "open")
		return (
			<Message title="Connected, no events yet">
				The middleware at <code>{url}</code> answers, and its stream is empty.
				The first event is drawn as soon as it comes.
			</Message>
		);
	if (state.kind === "reconnecting")
		return (
			<Message title={everOpen ? "Connection lost" : `Cannot reach ${url}`}>
				{everOpen && <code>{url}</code>} {state.why}: retrying, attempt{" "}
				{state.attempt}, next try in {secondsUntil(state.nextTryMs)} s.
			</Message>
		);
	return <Message title="Connecting">to {url}</Message>;
}

export function Message({
	title,
	children,
}: {
	title: string;
	children: React.ReactNode;
}) {
	return (
		<div className="empty">
			<h2>{title}</h2>
			<div className="why">{children}</div>
		</div>
	);
}
