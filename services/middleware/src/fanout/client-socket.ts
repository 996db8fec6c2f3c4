/** A client's socket as the fan-out sees it: four methods and one number. */
export interface ClientSocket {
	/** Bytes that were sent but that the operating system has not taken yet. */
	readonly bufferedAmount: number;
	/**
	 * Sends a whole RFC 6455 frame as textFrame() makes it. `taken` is called when the operating
	 * system has the bytes; it may never be called.
	 */
	send(bytes: Buffer, taken?: () => void): void;
	/** Sends an RFC 6455 ping. */
	ping(): void;
	/** Closes with a handshake, or by force if the client does not answer in time. */
	close(code: number, reason: string): void;
	/** LagTracker the connection now. */
	terminate(): void;
}
