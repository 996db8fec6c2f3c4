/**
 * One connection through the proxy, in both directions frame by frame. So a single request or reply
 * can be delayed, lost, or cut in two.
 */
import { once } from "node:events";
import { connect, type Socket } from "node:net";
import {
	correlationOf,
	frames,
	type KafkaRequest,
	requestOf,
} from "./kafka-frames.ts";
import type { Rule } from "./proxy-rule.ts";

export interface ConnectionRules {
	/** The rule for a frame, if any. */
	ruleFor(
		direction: "request" | "reply",
		request: KafkaRequest,
	): Rule | undefined;
	/** Waits while the connection of this request is silenced. */
	gate(connection: ProxyConnection): Promise<void>;
}

export class ProxyConnection {
	clientId = "";
	/** Names that its requests contained, out of those that faults target. */
	readonly names = new Set<string>();
	readonly #client: Socket;
	readonly #broker: Socket;
	readonly #rules: ConnectionRules;
	readonly #inFlight = new Map<number, KafkaRequest>();

	constructor(client: Socket, port: number, rules: ConnectionRules) {
		this.#client = client;
		this.#broker = connect({ port, host: "127.0.0.1", noDelay: true });
		this.#rules = rules;
		// `close` follows each error and ends the pumps.
		client.on("error", () => {});
		this.#broker.on("error", () => {});
	}

	/** Resolves when both sides are closed. */
	async run(): Promise<void> {
		await Promise.all([
			this.#requests()
				.catch(() => {})
				.finally(() => this.#broker.end()),
			this.#replies()
				.catch(() => {})
				.finally(() => this.#client.destroy()),
		]);
		this.cut();
	}

	/** Closes both sides at once. */
	cut(): void {
		this.#client.resetAndDestroy();
		this.#broker.destroy();
	}

	async #requests(): Promise<void> {
		for await (const frame of frames(this.#client)) {
			const request = requestOf(frame);
			this.clientId = request.clientId;
			this.#inFlight.set(request.correlationId, request);
			if (!(await this.#pass("request", request, frame, this.#broker))) return;
		}
	}

	async #replies(): Promise<void> {
		for await (const frame of frames(this.#broker)) {
			const id = correlationOf(frame);
			const request = this.#inFlight.get(id);
			this.#inFlight.delete(id);
			if (request === undefined) await write(this.#client, frame);
			else if (!(await this.#pass("reply", request, frame, this.#client)))
				return;
		}
	}

	/**
	 * Writes the frame, unless a rule or the gate prevents it. Returns false if the connection was
	 * cut.
	 */
	async #pass(
		direction: "request" | "reply",
		request: KafkaRequest,
		frame: Buffer,
		to: Socket,
	): Promise<boolean> {
		const rule = this.#rules.ruleFor(direction, request);
		if (rule?.action === "swallow") return true;
		if (rule?.action === "cut") {
			await write(to, frame.subarray(0, frame.length >> 1));
			this.cut();
			return false;
		}
		if (rule?.action === "hold") await rule.released;
		await this.#rules.gate(this);
		await write(to, frame);
		return true;
	}
}

/**
 * Waits until the socket has room. A closed socket accepts nothing and must not block the caller.
 */
async function write(socket: Socket, bytes: Buffer): Promise<void> {
	if (socket.destroyed || socket.write(bytes)) return;
	const stop = new AbortController();
	const { signal } = stop;
	await Promise.race([
		once(socket, "drain", { signal }),
		once(socket, "close", { signal }),
	]).catch(() => {});
	stop.abort();
}
