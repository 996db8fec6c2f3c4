/** The client's state, as a page can show it. */
export type ClientState =
	| { kind: "idle" }
	/** The first attempt, or `attempt` attempts after a loss. */
	| { kind: "connecting"; attempt: number }
	| { kind: "open"; sinceMs: number }
	/** Waiting for the next attempt at nextTryMs (wall clock). why: in words, for a person. */
	| {
			kind: "reconnecting";
			attempt: number;
			nextTryMs: number;
			why: string;
	  }
	| { kind: "closed" };
