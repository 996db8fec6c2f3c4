/**
 * A middleware for developing and testing the page: it speaks the protocol and generates its data.
 *
 * Like the real one it resumes after a position while its (short) history reaches back, sends the
 * ticks of its four partitions a few ms apart, and pings. To run it alone: node
 * test/fake-middleware.ts [--port 8080] [--devices 5] [--interval 1000] [--history 600] [--empty]
 */
import type {
	BatchFrame,
	Columns,
	Device,
	ServerFrame,
} from "@fireworks/contracts";
import { type WebSocket, WebSocketServer } from "ws";

export interface FakeOptions {
	port: number;
	devices: number;
	intervalMs: number;
	/** Ticks that are in the queue at the start. */
	history: number;
}

const PARTITIONS = 4;
const TICKS_MAX = 3_600;
const SNAPSHOT_EVENTS_MAX = 100_000;
const PING_MS = 5_000;
/** Time between the partitions of a tick, as in the real system. */
const PARTITION_DELAY_MS = 8;

interface Step {
	seq: number;
	timestamp: number;
	dt: number;
	/** By device. */
	increment: Float64Array;
	value: Float64Array;
}

const normal = (): number =>
	Math.sqrt(-2 * Math.log(1 - Math.random())) *
	Math.cos(2 * Math.PI * Math.random());

export class FakeMiddleware {
	readonly devices: Device[];
	readonly #options: FakeOptions;
	readonly #server: WebSocketServer;
	readonly #timers: NodeJS.Timeout[] = [];
	#steps: Step[] = [];

	constructor(options: FakeOptions) {
		this.#options = options;
		this.devices = Array.from({ length: options.devices }, (_, index) => ({
			index,
			deviceId: `device-${String(index + 1).padStart(4, "0")}`,
			drift: 0,
			volatility: 1,
		}));
		const now = Date.now();
		for (let k = Math.min(options.history, TICKS_MAX); k > 0; k--)
			this.#step(now - k * options.intervalMs);
		this.#server = new WebSocketServer({
			port: options.port,
			host: "127.0.0.1",
			path: "/ws",
			handleProtocols: () => "fireworks.v1",
		});
		this.#server.on("connection", (socket, request) =>
			this.#greet(socket, request.url ?? ""),
		);
	}

	get port(): number {
		return (this.#server.address() as { port: number }).port;
	}
	get clients(): number {
		return this.#server.clients.size;
	}
	/** The newest record of each device, to compare the page with. */
	get last(): { deviceId: string; seq: number; value: number }[] {
		const step = this.#steps.at(-1);
		return step
			? this.devices.map(({ deviceId, index }) => ({
					deviceId,
					seq: step.seq,
					value: step.value[index] as number,
				}))
			: [];
	}

	/** Starts to tick and to ping. */
	async start(): Promise<this> {
		if (!this.#server.address())
			await new Promise((resolve) => this.#server.once("listening", resolve));
		const { intervalMs, devices } = this.#options;
		if (devices > 0)
			this.#timers.push(setInterval(() => this.tick(), intervalMs));
		this.#timers.push(
			setInterval(
				() => this.#broadcast({ type: "ping", serverTime: Date.now() }),
				PING_MS,
			),
		);
		return this;
	}

	/** One step of all devices, sent to all clients. */
	tick(): void {
		this.#step(Date.now());
		for (let p = 0; p < PARTITIONS; p++) {
			const frame = this.#frame("batch", this.#steps.slice(-1), p);
			setTimeout(
				() => this.#broadcast({ ...frame, sentAt: Date.now() }),
				p * PARTITION_DELAY_MS,
			);
		}
	}

	/** Disappears as after kill -9: without a close frame. */
	async kill(): Promise<void> {
		for (const timer of this.#timers) clearInterval(timer);
		for (const client of this.#server.clients) client.terminate();
		await new Promise((resolve) => this.#server.close(resolve));
	}

	#step(timestamp: number): void {
		const before = this.#steps.at(-1);
		const n = this.devices.length;
		const first = before === undefined;
		const increment = Float64Array.from({ length: n }, () =>
			first ? 0 : normal() * Math.sqrt(this.#options.intervalMs / 1_000),
		);
		this.#steps.push({
			seq: (before?.seq ?? -1) + 1,
			timestamp,
			dt: before ? (timestamp - before.timestamp) / 1_000 : 0,
			increment,
			value: increment.map((x, i) => (before?.value[i] ?? 0) + x),
		});
		if (this.#steps.length > TICKS_MAX) this.#steps.shift();
	}

	#greet(socket: WebSocket, url: string): void {
		const send = (frame: ServerFrame) => socket.send(JSON.stringify(frame));
		const newest = this.#steps.at(-1)?.seq ?? -1;
		send({
			type: "hello",
			protocol: "fireworks.v1",
			serverTime: Date.now(),
			engine: "typescript",
			deviceCount: this.devices.length,
			batchMs: 50,
			pingMs: PING_MS,
			oldest: position(this.#steps[0]?.seq ?? 0),
			newest: position(newest + 1),
		});
		send({ type: "devices", devices: this.devices });
		const after = /[?&]after=v1\.(\d+)/.exec(url)?.[1];
		const from = after === undefined ? Number.NaN : Number(after);
		const resumed = this.#steps.filter((s) => s.seq >= from);
		if (resumed.length > 0 && resumed[0]?.seq === from)
			send(this.#frame("batch", resumed));
		else if (from !== newest + 1)
			send(this.#frame("snapshot", this.#recent(600_000)));
		socket.on("message", (data) => {
			const frame = JSON.parse(String(data));
			if (frame.type === "subscribe")
				send(this.#frame("snapshot", this.#recent(frame.windowMs)));
		});
	}

	#recent(windowMs: number): Step[] {
		const ticksMax = Math.floor(
			SNAPSHOT_EVENTS_MAX / Math.max(1, this.devices.length),
		);
		const from = Date.now() - windowMs;
		return this.#steps.filter((s) => s.timestamp >= from).slice(-ticksMax);
	}

	/** The events of the steps, of one partition or of all. */
	#frame(
		type: "batch" | "snapshot",
		steps: Step[],
		partition?: number,
	): BatchFrame {
		const columns: Columns = {
			device: [],
			seq: [],
			timestamp: [],
			dt: [],
			increment: [],
			value: [],
		};
		for (const { seq, timestamp, dt, increment, value } of steps)
			for (const { index } of this.devices) {
				if (partition !== undefined && index % PARTITIONS !== partition)
					continue;
				columns.device.push(index);
				columns.seq.push(seq);
				columns.timestamp.push(timestamp);
				columns.dt.push(dt);
				columns.increment.push(increment[index] as number);
				columns.value.push(value[index] as number);
			}
		const next = (steps.at(-1)?.seq ?? -1) + 1;
		// Until the last partition of a tick, the position is still before the tick. After a resume
		// from there, the page skips the repeats.
		const whole = partition === undefined || partition === PARTITIONS - 1;
		const at = position(whole ? next : next - 1);
		return { type: type as "batch", position: at, sentAt: Date.now(), columns };
	}

	#broadcast(frame: ServerFrame): void {
		const text = JSON.stringify(frame);
		for (const client of this.#server.clients) client.send(text);
	}
}

const position = (nextSeq: number): string => `v1.${nextSeq}`;

if (import.meta.main) {
	const { parseArgs } = await import("node:util");
	const { values } = parseArgs({
		options: {
			port: { type: "string", default: "8080" },
			devices: { type: "string", default: "5" },
			interval: { type: "string", default: "1000" },
			history: { type: "string", default: "600" },
			empty: { type: "boolean", default: false },
		},
	});
	await new FakeMiddleware({
		port: Number(values.port),
		devices: values.empty ? 0 : Number(values.devices),
		intervalMs: Number(values.interval),
		history: values.empty ? 0 : Number(values.history),
	}).start();
	console.log(`a fake middleware on ws://127.0.0.1:${values.port}/ws`);
}
