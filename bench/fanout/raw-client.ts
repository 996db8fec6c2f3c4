/**
 * A websocket client that does as little as possible, because the cost of thousands of clients must
 * not dominate the measurement.
 *
 * It reads into one buffer that all clients share, skips what it does not need, and answers pings.
 * It keeps only the first bytes of a text frame: enough for the type and, in an event frame with
 * few devices, the first seq.
 */
import { connect, type Socket } from "node:net";
import { nowMs } from "./now.ts";

const shared = Buffer.allocUnsafe(262_144);
const HEAD_BYTES = 400;
const PONG = Buffer.from([0x8a, 0x80, 0, 0, 0, 0]);
const END_OF_HEAD = Buffer.from("\r\n\r\n");

export interface FrameHead {
	type: string;
	/** The beginning of the frame's text. */
	text: string;
	atMs: number;
}

export interface RawClientOptions {
	port: number;
	query: string;
	/** True: onFrame is called for every text frame. False: only until the first events. */
	tellAll: boolean;
	onFrame(frame: FrameHead, client: RawClient): void;
	onClose?(): void;
}

export class RawClient {
	frames = 0;
	bytes = 0;
	served = false;
	readonly #socket: Socket;
	readonly #options: RawClientOptions;
	#upgraded = false;
	#answer = Buffer.alloc(0);
	/** The frame's header so far, and the number of bytes still missing. */
	readonly #header = Buffer.alloc(10);
	#headerBytes = 0;
	#left = -1;
	readonly #head = Buffer.alloc(HEAD_BYTES);
	#headBytes = 0;

	constructor(options: RawClientOptions) {
		this.#options = options;
		this.#socket = connect({
			port: options.port,
			host: "127.0.0.1",
			onread: {
				buffer: shared,
				callback: (count) => {
					this.#read(count);
					return true;
				},
			},
		});
		this.#socket.on("error", () => {});
		this.#socket.on("close", () => options.onClose?.());
		this.#socket.write(
			`GET /ws${options.query} HTTP/1.1\r\nHost: localhost\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Protocol: fireworks.v1\r\n\r\n`,
		);
	}

	cut(): void {
		this.#socket.destroy();
	}

	#read(count: number): void {
		this.bytes += count;
		let at = 0;
		if (!this.#upgraded) {
			at = this.#upgrade(count);
			if (at < 0) return;
		}
		while (at < count)
			at = this.#left < 0 ? this.#readHeader(at) : this.#readPayload(at, count);
	}

	/** Where the frames start, or -1 until the head of the HTTP answer is complete. */
	#upgrade(count: number): number {
		const before = this.#answer.length;
		this.#answer = Buffer.concat([this.#answer, shared.subarray(0, count)]);
		const end = this.#answer.indexOf(END_OF_HEAD);
		if (end < 0) return -1;
		const status = this.#answer.subarray(0, end).toString().split("\r\n", 1)[0];
		if (!status?.includes(" 101 ")) {
			this.cut();
			return -1;
		}
		this.#upgraded = true;
		this.#answer = Buffer.alloc(0);
		return end + END_OF_HEAD.length - before;
	}

	#readHeader(at: number): number {
		this.#header[this.#headerBytes++] = shared[at] as number;
		const short = (this.#header[1] as number) & 0x7f;
		const need = short === 127 ? 10 : short === 126 ? 4 : 2;
		if (this.#headerBytes < 2 || this.#headerBytes < need) return at + 1;
		this.#left =
			short === 127
				? this.#header.readUIntBE(4, 6)
				: short === 126
					? this.#header.readUInt16BE(2)
					: short;
		this.#headerBytes = 0;
		this.#headBytes = 0;
		if (this.#left === 0) this.#end();
		return at + 1;
	}

	#readPayload(at: number, count: number): number {
		const here = Math.min(this.#left, count - at);
		if (
			this.#headBytes < HEAD_BYTES &&
			(this.#options.tellAll || !this.served)
		) {
			const kept = Math.min(here, HEAD_BYTES - this.#headBytes);
			shared.copy(this.#head, this.#headBytes, at, at + kept);
			this.#headBytes += kept;
		}
		this.#left -= here;
		if (this.#left === 0) this.#end();
		return at + here;
	}

	#end(): void {
		this.#left = -1;
		const opcode = (this.#header[0] as number) & 0x0f;
		if (opcode === 9) this.#socket.write(PONG);
		if (opcode !== 1) return;
		this.frames++;
		if (!this.#options.tellAll && this.served) return;
		const text = this.#head.toString("latin1", 0, this.#headBytes);
		const type = text.slice(9, text.indexOf('"', 9));
		this.#options.onFrame({ type, text, atMs: nowMs() }, this);
		if (type === "snapshot" || type === "batch") this.served = true;
	}
}
