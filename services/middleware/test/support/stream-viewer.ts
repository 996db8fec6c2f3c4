/** A `fireworks.v2` client that checks every frame against its schema and keeps what it shows. */
import { once } from "node:events";
import {
	type StreamServerFrame,
	type StreamsServerFrame,
	streamFrameSchema,
	streamsFrameSchema,
} from "@fireworks/contracts";
import { WebSocket } from "ws";

export interface ShownEvent {
	key: string | null;
	time: number;
	measures: Record<string, number | null>;
}

type Frame = StreamServerFrame | StreamsServerFrame;

export class StreamViewer {
	readonly frames: Frame[] = [];
	readonly keys = new Map<number, string | null>();
	/** What is shown: a snapshot replaces what came before. */
	events: ShownEvent[] = [];
	position = "";
	skipped = 0;
	readonly socket: WebSocket;
	readonly opened: Promise<unknown>;
	closed: { code: number; reason: string } | undefined;
	refused: { status: number; body: string } | undefined;

	/** query: such as ?stream=readings. */
	constructor(port: number, query = "", path = "/ws") {
		this.socket = new WebSocket(
			`ws://127.0.0.1:${port}${path}${query}`,
			"fireworks.v2",
		);
		const isList = !query.includes("stream=");
		this.opened = once(this.socket, "open").catch(() => {});
		this.socket.on("message", (data) => {
			const schema = isList ? streamsFrameSchema : streamFrameSchema;
			this.#take(schema.parse(JSON.parse(String(data))));
		});
		this.socket.on("error", () => {});
		this.socket.on("close", (code, reason) => {
			this.closed = { code, reason: reason.toString() };
		});
		this.socket.on("unexpected-response", (request, response) => {
			let body = "";
			response.on("data", (part) => {
				body += part;
			});
			response.on("end", () => {
				this.refused = { status: response.statusCode ?? 0, body };
				request.destroy();
			});
		});
	}

	#take(frame: Frame): void {
		this.frames.push(frame);
		if (frame.type === "ping")
			this.send({ type: "pong", serverTime: frame.serverTime });
		if (frame.type === "keys")
			for (const { index, key } of frame.keys) this.keys.set(index, key);
		if (frame.type === "gap") {
			this.position = frame.to;
			this.skipped += frame.count;
		}
		if (frame.type !== "snapshot" && frame.type !== "batch") return;
		if (frame.type === "snapshot") this.events = [];
		this.position = frame.position;
		const { key, timestamp, measures } = frame.columns;
		for (const [i, index] of key.entries()) {
			const name = this.keys.get(index);
			if (name === undefined) throw new Error("a key that was not announced");
			this.events.push({
				key: name,
				time: timestamp[i] as number,
				measures: Object.fromEntries(
					Object.entries(measures).map(([m, column]) => [m, column[i] ?? null]),
				),
			});
		}
	}

	of<T extends Frame["type"]>(type: T): Extract<Frame, { type: T }>[] {
		return this.frames.filter((f) => f.type === type) as never;
	}
	/** Times and values of a key, in the order of their times. */
	line(key: string | null, measure: string): [number, number | null][] {
		return this.events
			.filter((e) => e.key === key)
			.map((e): [number, number | null] => [
				e.time,
				e.measures[measure] ?? null,
			])
			.toSorted(([a], [b]) => a - b);
	}
	send(frame: object): void {
		this.socket.send(JSON.stringify(frame));
	}
	async close(): Promise<void> {
		if (this.socket.readyState === WebSocket.CLOSED) return;
		const closed = new Promise((resolve) => this.socket.on("close", resolve));
		if (this.socket.readyState === WebSocket.CONNECTING)
			this.socket.terminate();
		else this.socket.close();
		await closed;
	}
}
