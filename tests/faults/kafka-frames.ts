/** The part of Kafka's wire format that is needed to tell requests apart. */

/** The requests that faults target. */
export const API = {
	produce: 0,
	fetch: 1,
	heartbeat: 12,
	initProducerId: 22,
	addPartitionsToTxn: 24,
	endTxn: 26,
} as const;

const SIZE_BYTES = 4;

export interface KafkaRequest {
	readonly apiKey: number;
	readonly apiVersion: number;
	readonly correlationId: number;
	readonly clientId: string;
	/** The whole frame, including its size prefix. */
	readonly frame: Buffer;
}

/** Reassembles whole frames, including their size prefix, from chunks of any length. */
export async function* frames(
	chunks: AsyncIterable<Buffer>,
): AsyncGenerator<Buffer> {
	let parts: Buffer[] = [];
	let length = 0;
	let needed = SIZE_BYTES;
	for await (const chunk of chunks) {
		parts.push(chunk);
		length += chunk.length;
		if (length < needed) continue;
		let bytes = parts.length === 1 ? chunk : Buffer.concat(parts, length);
		needed = SIZE_BYTES;
		while (bytes.length >= needed) {
			needed = SIZE_BYTES + bytes.readInt32BE(0);
			if (bytes.length < needed) break;
			yield bytes.subarray(0, needed);
			bytes = bytes.subarray(needed);
			needed = SIZE_BYTES;
		}
		parts = [bytes];
		length = bytes.length;
	}
}

/** The header of a request. */
export function requestOf(frame: Buffer): KafkaRequest {
	const clientIdLength = frame.readInt16BE(12);
	return {
		apiKey: frame.readInt16BE(4),
		apiVersion: frame.readInt16BE(6),
		correlationId: frame.readInt32BE(8),
		clientId:
			clientIdLength < 0 ? "" : frame.toString("utf8", 14, 14 + clientIdLength),
		frame,
	};
}

/** The id of the request that a reply answers. */
export const correlationOf = (reply: Buffer): number => reply.readInt32BE(4);
