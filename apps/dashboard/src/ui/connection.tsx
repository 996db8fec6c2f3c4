/**
 * The connection's state in one line: a dot, a word and, while it is lost, when the next attempt
 * comes.
 */
import type { ClientState } from "@fireworks/client";
import type { LiveStream } from "../stream/live-stream.ts";

/** Seconds until the next attempt, rounded for display. */
export const secondsUntil = (ms: number): number =>
	Math.max(0, Math.ceil((ms - Date.now()) / 1_000));

export function words(state: ClientState): string {
	switch (state.kind) {
		case "idle":
			return "Connecting";
		case "connecting":
			return state.attempt === 0
				? "Connecting"
				: `Reconnecting, attempt ${state.attempt}`;
		case "open":
			return "Connected";
		case "reconnecting":
			return `Reconnecting, attempt ${state.attempt}`;
		case "closed":
			return "Closed";
	}
}

export function Connection({
	stream,
}: {
	stream: Pick<LiveStream, "state" | "retryNow"> | undefined;
}) {
	const state: ClientState = stream?.state ?? { kind: "idle" };
	const waits = state.kind === "reconnecting";
	return (
		<div className="connection" data-state={state.kind}>
			<span className="dot" aria-hidden="true" />
			{/* Screen readers announce each change once. The countdown next to it is only
			    visible. */}
			<span role="status">{words(state)}</span>
			{waits && (
				<>
					<span className="quiet countdown" aria-hidden="true">
						next try in {secondsUntil(state.nextTryMs)} s
					</span>
					<button type="button" onClick={() => stream?.retryNow()}>
						Try now
					</button>
				</>
			)}
		</div>
	);
}
