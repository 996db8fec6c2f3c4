/** Where the client stands; what a page shows of it. */
export type ClientState =
	| { kind: "idle" }
	/** First try, or `attempt` tries after a loss. */
	| { kind: "connecting"; attempt: number }
	| { kind: "open"; sinceMs: number }
	/** Waiting for the next try at nextTryMs (wall clock). why: in words, for a person. */
	| {
			kind: "reconnecting";
			attempt: number;
			nextTryMs: number;
			why: string;
	  }
	| { kind: "closed" };
