/** A client's socket as the fan-out sees it: four verbs and one number. */
export interface ClientSocket {
	/** Bytes that were sent and not yet taken by the operating system. */
	readonly bufferedAmount: number;
	/** Sends a whole RFC 6455 frame as textFrame() makes it. `taken` is called when the operating system has its bytes, or never. */
	send(bytes: Buffer, taken?: () => void): void;
	/** An RFC 6455 ping. */
	ping(): void;
	/** Closes in order, and by force where the client does not take part in time. */
	close(code: number, reason: string): void;
	/** Ends the connection now. */
	terminate(): void;
}
