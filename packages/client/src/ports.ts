/** What the client takes from outside, so that its tests need neither a network nor real time. */

/** The part of a browser's WebSocket that the client uses; Node 24's global one has it as well. */
export interface SocketLike {
	binaryType: string;
	onmessage: ((event: { data: unknown }) => void) | null;
	onclose: ((event: { code: number; reason: string }) => void) | null;
	onerror: ((event: unknown) => void) | null;
	send(text: string): void;
	close(code?: number, reason?: string): void;
}

export type OpenSocket = (url: string, protocol: string) => SocketLike;

export interface Clock {
	/** ms since 1970: may be set back or forth by whoever owns the machine. */
	wallMs(): number;
	/** ms since some start: only ever rises, so every time-out is measured by it. */
	monotonicMs(): number;
	/** Calls once, later; the answer calls it off. */
	after(delayMs: number, call: () => void): () => void;
}

export const openWebSocket: OpenSocket = (url, protocol) =>
	new WebSocket(url, protocol) as unknown as SocketLike;

export const systemClock: Clock = {
	wallMs: () => Date.now(),
	monotonicMs: () => performance.now(),
	after: (delayMs, call) => {
		const timer = setTimeout(call, delayMs);
		return () => clearTimeout(timer);
	},
};
