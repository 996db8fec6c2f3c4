/** A socket whose far end reads only when a test tells it to. */
import { type ServerFrame, serverFrameSchema } from "@fireworks/contracts";
import type { ClientSocket } from "../../src/fanout/client-socket.ts";
import { textOf } from "../../src/frames/text-frame.ts";

export class FakeSocket implements ClientSocket {
	/** False: what is sent stays in the buffer until drain(). */
	reading = true;
	readonly frames: ServerFrame[] = [];
	readonly raw: Buffer[] = [];
	pings = 0;
	closed: { code: number; reason: string } | undefined;
	terminated = false;
	mostBuffered = 0;
	/** Called for each frame that is sent. */
	onSend = () => {};
	#waiting: { bytes: Buffer; taken: (() => void) | undefined }[] = [];

	get bufferedAmount(): number {
		return this.#waiting.reduce((n, { bytes }) => n + bytes.length, 0);
	}
	send(bytes: Buffer, taken?: () => void): void {
		if (this.closed) return;
		this.onSend();
		this.#waiting.push({ bytes, taken });
		this.mostBuffered = Math.max(this.mostBuffered, this.bufferedAmount);
		if (this.reading) this.drain();
	}
	ping(): void {
		this.pings++;
	}
	close(code: number, reason: string): void {
		this.closed ??= { code, reason };
	}
	terminate(): void {
		this.terminated = true;
	}

	/** The far end takes this many frames, or all. */
	drain(frames = Number.POSITIVE_INFINITY): void {
		for (let i = 0; i < frames; i++) {
			const first = this.#waiting.shift();
			if (first === undefined) return;
			this.raw.push(first.bytes);
			this.frames.push(
				serverFrameSchema.parse(JSON.parse(textOf(first.bytes))),
			);
			first.taken?.();
		}
	}

	of<T extends ServerFrame["type"]>(
		type: T,
	): Extract<ServerFrame, { type: T }>[] {
		return this.frames.filter((f) => f.type === type) as never;
	}
}
