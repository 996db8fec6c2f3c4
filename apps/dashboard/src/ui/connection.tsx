/** The connection's state in one line: a dot, a word, and while it is lost when the next try comes. */
import type { ClientState } from "@fireworks/client";
import type { LiveStream } from "../stream/live-stream.ts";

/** Seconds until the next try, as a person counts. */
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

export function Connection({ stream }: { stream: LiveStream | undefined }) {
	const state: ClientState = stream?.state ?? { kind: "idle" };
	const waits = state.kind === "reconnecting";
	return (
		<div className="connection" data-state={state.kind}>
			<span className="dot" aria-hidden="true" />
			{/* Spoken once per change; the countdown beside it is for the eye. */}
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
