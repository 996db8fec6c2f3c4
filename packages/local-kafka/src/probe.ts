/**
 * Checks whether a broker is ready. It asks for the broker's metadata, as any client does first.
 *
 * A TCP connect succeeds long before a broker works, and another Kafka may hold the port. So ready
 * means that the answer has this cluster's id and names at least one live broker. The request is
 * Metadata version 2 of the Kafka protocol
 * (https://kafka.apache.org/protocol.html#The_Messages_Metadata) without topics: the lowest version
 * that returns the cluster's id.
 */
import { createConnection } from "node:net";
import { LOCAL_HOST } from "./server-properties.ts";

const METADATA = 3;
const METADATA_VERSION = 2;
const CORRELATION_ID = 0x46_57; // any value
const ANSWER_BYTES_MAX = 65_536;

export interface Metadata {
	brokers: { nodeId: number; host: string; port: number }[];
	clusterId: string | null;
}

/** The request's bytes, preceded by their length. */
export function metadataRequest(): Buffer {
	const body = Buffer.alloc(14);
	body.writeInt16BE(METADATA, 0);
	body.writeInt16BE(METADATA_VERSION, 2);
	body.writeInt32BE(CORRELATION_ID, 4);
	body.writeInt16BE(-1, 8); // no client id
	body.writeInt32BE(0, 10); // no topics
	const length = Buffer.alloc(4);
	length.writeInt32BE(body.length);
	return Buffer.concat([length, body]);
}

/**
 * Parses the answer in `bytes`; undefined while it is incomplete. Throws RangeError for any other
 * answer.
 */
export function parseMetadata(bytes: Buffer): Metadata | undefined {
	if (bytes.length < 4) return undefined;
	const length = bytes.readInt32BE(0);
	if (length < 8 || length > ANSWER_BYTES_MAX)
		throw new RangeError(`${length} bytes are no answer to Metadata`);
	if (bytes.length < 4 + length) return undefined;
	let at = 4;
	const int32 = () => {
		at += 4;
		return bytes.readInt32BE(at - 4);
	};
	const text = (): string | null => {
		const size = bytes.readInt16BE(at);
		at += 2 + Math.max(0, size);
		return size < 0 ? null : bytes.toString("utf8", at - size, at);
	};
	if (int32() !== CORRELATION_ID)
		throw new RangeError("an answer to another request");
	const brokers: Metadata["brokers"] = [];
	for (let left = int32(); left > 0; left -= 1) {
		const nodeId = int32();
		const host = text() ?? "";
		const port = int32();
		text(); // rack
		brokers.push({ nodeId, host, port });
	}
	return { brokers, clusterId: text() };
}

/** Asks the port on 127.0.0.1 once; undefined if no Kafka answers in time. */
export function askMetadata(
	port: number,
	timeoutMs: number,
): Promise<Metadata | undefined> {
	return new Promise((resolve) => {
		let received = Buffer.alloc(0);
		const socket = createConnection({ host: LOCAL_HOST, port });
		const end = (answer: Metadata | undefined) => {
			socket.destroy();
			resolve(answer);
		};
		socket.setTimeout(timeoutMs, () => end(undefined));
		socket.on("error", () => end(undefined));
		socket.on("close", () => end(undefined));
		socket.on("connect", () => socket.write(metadataRequest()));
		socket.on("data", (chunk) => {
			received = Buffer.concat([received, chunk]);
			try {
				const answer = parseMetadata(received);
				if (answer) end(answer);
			} catch {
				end(undefined);
			}
		});
	});
}
