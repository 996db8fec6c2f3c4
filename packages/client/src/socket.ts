/** The socket that the client is given, so that its tests need no network. */

/**
 * The part of a browser's WebSocket that the client uses; Node 24's global WebSocket has it too.
 */
export interface SocketLike {
	binaryType: string;
	onmessage: ((event: { data: unknown }) => void) | null;
	onclose: ((event: { code: number; reason: string }) => void) | null;
	onerror: ((event: unknown) => void) | null;
	send(text: string): void;
	close(code?: number, reason?: string): void;
}

export type OpenSocket = (url: string, protocol: string) => SocketLike;

export const openWebSocket: OpenSocket = (url, protocol) =>
	new WebSocket(url, protocol) as unknown as SocketLike;
