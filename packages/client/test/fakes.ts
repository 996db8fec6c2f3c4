/** A clock and sockets that do only what a test tells them to. */
import type { ServerFrame } from "@fireworks/contracts";
import type { Clock, SocketLike } from "../src/ports.ts";

export class FakeClock implements Clock {
	nowMs = 1_767_225_600_000;
	#timers: { atMs: number; call: () => void }[] = [];

	wallMs = () => this.nowMs;
	monotonicMs = () => this.nowMs;
	after = (delayMs: number, call: () => void) => {
		const timer = { atMs: this.nowMs + delayMs, call };
		this.#timers.push(timer);
		return () => {
			this.#timers = this.#timers.filter((t) => t !== timer);
		};
	};

	get timers(): number {
		return this.#timers.length;
	}

	advance(ms: number): void {
		const endMs = this.nowMs + ms;
		for (;;) {
			const [next] = this.#timers
				.filter((t) => t.atMs <= endMs)
				.sort((a, b) => a.atMs - b.atMs);
			if (!next) break;
			this.#timers = this.#timers.filter((t) => t !== next);
			this.nowMs = Math.max(this.nowMs, next.atMs);
			next.call();
		}
		this.nowMs = endMs;
	}
}

export class FakeSocket implements SocketLike {
	binaryType = "blob";
	onmessage: SocketLike["onmessage"] = null;
	onclose: SocketLike["onclose"] = null;
	onerror: SocketLike["onerror"] = null;
	readonly url: string;
	readonly protocol: string;
	sent: unknown[] = [];
	closedByClient = false;

	constructor(url: string, protocol: string) {
		this.url = url;
		this.protocol = protocol;
	}
	send(text: string): void {
		this.sent.push(JSON.parse(text));
	}
	close(): void {
		this.closedByClient = true;
	}

	frame(frame: ServerFrame): void {
		this.raw(JSON.stringify(frame));
	}
	raw(data: unknown): void {
		this.onmessage?.({ data });
	}
	serverCloses(code: number, reason = ""): void {
		this.onclose?.({ code, reason });
	}
}

export class FakeNetwork {
	sockets: FakeSocket[] = [];
	open = (url: string, protocol: string) => {
		const socket = new FakeSocket(url, protocol);
		this.sockets.push(socket);
		return socket;
	};
	get last(): FakeSocket {
		const socket = this.sockets.at(-1);
		if (!socket) throw new Error("no socket was opened");
		return socket;
	}
}
