/** Sockets that act only when a test makes them. */
import type {
	ServerFrame,
	StreamServerFrame,
	StreamsServerFrame,
} from "@fireworks/contracts";
import type { SocketLike } from "../src/socket.ts";

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

	frame(frame: ServerFrame | StreamServerFrame | StreamsServerFrame): void {
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
