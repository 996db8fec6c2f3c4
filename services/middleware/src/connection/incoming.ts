/** What a connection reports to its session. */
import type { Session } from "./session.ts";
import type { Sessions } from "./sessions.ts";

export interface Incoming {
	/** text: undefined for a binary frame. */
	received(text: string | undefined): void;
	pinged(): void;
	ponged(): void;
	ended(): void;
}

/** Adds the session, until its connection ends. */
export function incomingOf(session: Session, sessions: Sessions): Incoming {
	sessions.add(session);
	return {
		received: (text) => session.received(text),
		pinged: () => session.pinged(),
		ponged: () => session.ponged(),
		ended: () => sessions.remove(session),
	};
}
