/** A websocket client that works on bytes, to send what no library would send. */
import { connect, type Socket } from "node:net";

export interface RawFrame {
	opcode: number;
	payload: Buffer;
}

export interface FrameOptions {
	fin?: boolean;
	/** RSV1 to RSV3 as the bits 4, 2, 1. */
	rsv?: number;
	masked?: boolean;
}

export const TEXT = 1;
export const BINARY = 2;
export const CLOSE = 8;
export const PING = 9;
export const PONG = 10;

/** A frame as a client sends it. */
export function clientFrame(
	opcode: number,
	content: Buffer | string,
	{ fin = true, rsv = 0, masked = true }: FrameOptions = {},
): Buffer {
	const payload = Buffer.from(content as string);
	const length =
		payload.length < 126
			? [payload.length]
			: [126, payload.length >> 8, payload.length & 0xff];
	length[0] = (length[0] as number) | (masked ? 0x80 : 0);
	const mask = [0x12, 0x34, 0x56, 0x78];
	const bytes = masked
		? payload.map((byte, i) => byte ^ (mask[i % 4] as number))
		: payload;
	return Buffer.from([
		(fin ? 0x80 : 0) | (rsv << 4) | opcode,
		...length,
		...(masked ? mask : []),
		...bytes,
	]);
}

/** The payload of a close frame. */
export const closing = (code: number, reason: Buffer | string = ""): Buffer =>
	Buffer.concat([
		Buffer.from([code >> 8, code & 0xff]),
		Buffer.from(reason as string),
	]);

export class RawSocket {
	readonly socket: Socket;
	readonly frames: RawFrame[] = [];
	ended = false;
	#bytes = Buffer.alloc(0);
	#upgraded = false;

	constructor(port: number) {
		this.socket = connect(port, "127.0.0.1");
		this.socket.on("error", () => {});
		this.socket.on("close", () => {
			this.ended = true;
		});
		this.socket.on("data", (part) => {
			this.#bytes = Buffer.concat([this.#bytes, part]);
			this.#parse();
		});
		this.socket.write(
			"GET /ws HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n",
		);
	}

	of(opcode: number): Buffer[] {
		return this.frames.filter((f) => f.opcode === opcode).map((f) => f.payload);
	}

	/** The types of the text frames received. */
	types(): string[] {
		return this.of(TEXT).map((payload) => JSON.parse(String(payload)).type);
	}

	/** Code of the server's close frame: undefined if none came, 1005 if it has no code. */
	get closeCode(): number | undefined {
		const [payload] = this.of(CLOSE);
		return payload && (payload.length === 0 ? 1005 : payload.readUInt16BE(0));
	}

	#parse(): void {
		if (!this.#upgraded) {
			const end = this.#bytes.indexOf("\r\n\r\n");
			if (end < 0) return;
			this.#upgraded = true;
			this.#bytes = this.#bytes.subarray(end + 4);
		}
		while (this.#bytes.length >= 2) {
			const short = (this.#bytes[1] as number) & 0x7f;
			const header = short === 127 ? 10 : short === 126 ? 4 : 2;
			if (this.#bytes.length < header) return;
			const length =
				short === 127
					? this.#bytes.readUIntBE(4, 6)
					: short === 126
						? this.#bytes.readUInt16BE(2)
						: short;
			if (this.#bytes.length < header + length) return;
			this.frames.push({
				opcode: (this.#bytes[0] as number) & 0x0f,
				payload: this.#bytes.subarray(header, header + length),
			});
			this.#bytes = this.#bytes.subarray(header + length);
		}
	}
}
