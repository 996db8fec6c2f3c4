/** A websocket client that keeps every frame and checks each against its schema. */
import { once } from "node:events";
import {
	type BatchFrame,
	PROTOCOL,
	type ServerFrame,
	type SnapshotFrame,
	serverFrameSchema,
	WEBSOCKET_PATH,
} from "@fireworks/contracts";
import { WebSocket } from "ws";

/** One event as a client sees it. */
export interface ClientEvent {
	deviceId: string;
	seq: number;
	timestamp: number;
	dt: number;
	increment: number;
	value: number;
}

export class TestClient {
	readonly frames: ServerFrame[] = [];
	readonly #socket: WebSocket;

	private constructor(socket: WebSocket) {
		this.#socket = socket;
		socket.on("message", (data) => {
			const frame = serverFrameSchema.parse(JSON.parse(String(data)));
			this.frames.push(frame);
			if (frame.type === "ping")
				socket.send(
					JSON.stringify({ type: "pong", serverTime: frame.serverTime }),
				);
		});
	}

	static async connect(port: number, query = ""): Promise<TestClient> {
		const socket = new WebSocket(
			`ws://127.0.0.1:${port}${WEBSOCKET_PATH}${query}`,
			PROTOCOL,
		);
		const client = new TestClient(socket);
		await once(socket, "open");
		return client;
	}

	/** All events so far, in the order of their frames, with the device indices resolved. */
	get events(): ClientEvent[] {
		const ids = new Map<number, string>();
		const events: ClientEvent[] = [];
		for (const frame of this.frames) {
			if (frame.type === "devices")
				for (const d of frame.devices) ids.set(d.index, d.deviceId);
			if (frame.type === "snapshot" || frame.type === "batch")
				events.push(...eventsOf(frame, ids));
		}
		return events;
	}

	/** The newest position, from which a client can resume. */
	get position(): string | undefined {
		return this.frames.findLast(
			(f): f is SnapshotFrame | BatchFrame =>
				f.type === "snapshot" || f.type === "batch",
		)?.position;
	}

	async close(): Promise<void> {
		if (this.#socket.readyState === WebSocket.CLOSED) return;
		const closed = once(this.#socket, "close");
		this.#socket.close();
		await closed;
	}
}

function eventsOf(
	{ columns }: SnapshotFrame | BatchFrame,
	ids: ReadonlyMap<number, string>,
): ClientEvent[] {
	const { device, seq, timestamp, dt, increment, value } = columns;
	return device.map((index, i) => ({
		deviceId: ids.get(index) ?? `unknown index ${index}`,
		seq: seq[i] as number,
		timestamp: timestamp[i] as number,
		dt: dt[i] as number,
		increment: increment[i] as number,
		value: value[i] as number,
	}));
}
