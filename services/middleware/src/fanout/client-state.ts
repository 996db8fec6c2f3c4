/**
 * The states of a client, as a total table: for each state and event the next state, or that the
 * event is impossible.
 *
 *   catching-up  on its way to the live place: one frame at a time, when its socket has room
 *   live         gets every frame of its subscription as it is encoded
 *   lagging      too much waits in its socket: it gets no events until the socket has drained
 *   closed       the end: it gets nothing more
 *
 * The invariants are in SPEC.md.
 */
export const CLIENT_STATES = [
	"catching-up",
	"live",
	"lagging",
	"closed",
] as const;
export const CLIENT_EVENTS = [
	"arrived",
	"fell-behind",
	"drained",
	"restarted",
	"ended",
] as const;

export type ClientState = (typeof CLIENT_STATES)[number];
export type ClientEvent = (typeof CLIENT_EVENTS)[number];

/** An event that cannot happen in a state. If it does, the fan-out has a bug. */
const IMPOSSIBLE = null;

export const CLIENT_TABLE: Readonly<
	Record<ClientState, Readonly<Record<ClientEvent, ClientState | null>>>
> = {
	"catching-up": {
		arrived: "live",
		// It takes events more slowly than they arrive, or the queue has dropped its next ones.
		"fell-behind": "lagging",
		drained: IMPOSSIBLE,
		restarted: "catching-up",
		ended: "closed",
	},
	live: {
		arrived: IMPOSSIBLE,
		"fell-behind": "lagging",
		drained: IMPOSSIBLE,
		restarted: "catching-up",
		ended: "closed",
	},
	lagging: {
		arrived: IMPOSSIBLE,
		// It is sent no events, so it cannot fall behind once more.
		"fell-behind": IMPOSSIBLE,
		drained: "catching-up",
		restarted: "catching-up",
		ended: "closed",
	},
	closed: {
		// A frame or a turn that was in progress when the client closed has no effect.
		arrived: "closed",
		"fell-behind": "closed",
		drained: "closed",
		restarted: "closed",
		ended: "closed",
	},
};

/** The state after an event. Throws if the table has none. */
export function nextClientState(
	state: ClientState,
	event: ClientEvent,
): ClientState {
	const next = CLIENT_TABLE[state][event];
	if (next === IMPOSSIBLE)
		throw new Error(`a client that is ${state} cannot meet "${event}"`);
	return next;
}
