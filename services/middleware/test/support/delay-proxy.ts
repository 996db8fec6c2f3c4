/** A TCP proxy on loopback that delays data, or silently drops everything. */
import { once } from "node:events";
import { type AddressInfo, connect, createServer, type Socket } from "node:net";

export class DelayProxy {
	/** Delay of what arrives from now on, ms. */
	upMs = 0;
	downMs = 0;
	/** True: nothing is forwarded any more, and neither side is notified. */
	silent = false;
	/** The server's side of a connection ended. */
	onCut = () => {};
	readonly #server = createServer((client) => this.#serve(client));
	readonly #sockets = new Set<Socket>();
	readonly #target: number;

	constructor(target: number) {
		this.#target = target;
	}

	async listen(): Promise<number> {
		this.#server.listen(0, "127.0.0.1");
		await once(this.#server, "listening");
		return (this.#server.address() as AddressInfo).port;
	}

	close(): void {
		this.#server.close();
		for (const socket of this.#sockets) socket.destroy();
	}

	#serve(client: Socket): void {
		const server = connect(this.#target, "127.0.0.1");
		for (const socket of [client, server]) {
			this.#sockets.add(socket);
			socket.on("error", () => {});
		}
		server.on("close", () => this.onCut());
		this.#pass(client, server, () => this.upMs);
		this.#pass(server, client, () => this.downMs);
	}

	/** Keeps the order even if the delay becomes shorter meanwhile. */
	#pass(from: Socket, to: Socket, delayMs: () => number): void {
		let readyMs = 0;
		const later = (act: () => void) => {
			readyMs = Math.max(readyMs, performance.now() + delayMs());
			setTimeout(
				() => {
					if (!this.silent) act();
				},
				Math.max(0, readyMs - performance.now()),
			);
		};
		from.on("data", (part) => later(() => to.write(part)));
		from.on("close", () => later(() => to.destroy()));
	}
}
