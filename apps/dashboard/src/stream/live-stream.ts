/**
 * The stream as the page holds it: the client, the store with its data, and one signal that
 * something changed.
 */
import { Client, type ClientEvents, type ClientState } from "@fireworks/client";
import { type Labels, labelsOf, WIENER_LABELS } from "./labels.ts";
import { LiveStore } from "./live-store.ts";
import { isStale } from "./staleness.ts";

/** The age of all devices is checked at most this often. */
const COUNT_STALE_MS = 1_000;

export class LiveStream {
	readonly url: string;
	readonly store = new LiveStore();
	/** The engine that feeds the stream, as reported by the server. */
	engine: string | undefined;
	/** The names of the stream's fields, as reported by the server. */
	labels: Labels = WIENER_LABELS;
	/** Whether any connection has been open: after that, an empty page means an empty stream. */
	everOpen = false;
	/** What is wrong with the stream's data, as reported by the server. */
	problems: ClientEvents["problems"] | undefined;
	#stale = { atMs: Number.NEGATIVE_INFINITY, count: 0 };
	readonly #client: Client;
	readonly #listeners = new Set<() => void>();
	/** Called for each frame of events, once the store has it. */
	onEvents: ((frame: ClientEvents["events"]) => void) | undefined;

	constructor(url: string) {
		this.url = url;
		const client = new Client({ url });
		this.#client = client;
		const { store } = this;
		client.on("state", ({ kind }) => {
			this.everOpen ||= kind === "open";
			this.#changed();
		});
		client.on("hello", ({ engine, serverTime, ...names }) => {
			this.engine = engine;
			const labels = labelsOf(names);
			// Keep the same object for equal labels: a new object would cause a new layout.
			if (JSON.stringify(labels) !== JSON.stringify(this.labels))
				this.labels = labels;
			store.opened(serverTime);
			// Another server has its own count of problems.
			this.problems = undefined;
		});
		client.on("problems", (problems) => {
			this.problems = problems;
			this.#changed();
		});
		client.on("devices", (devices) => {
			store.takeDevices(devices);
			this.#changed();
		});
		client.on("events", (frame) => {
			store.takeEvents(frame, Date.now());
			this.onEvents?.(frame);
			this.#changed();
		});
		client.on("gap", ({ count }) => {
			store.takeGap(count);
			this.#changed();
		});
	}

	get state(): ClientState {
		return this.#client.state;
	}

	/** Our estimate of the server's wall clock. */
	get serverNowMs(): number {
		return Date.now() + this.#client.clockOffsetMs;
	}

	start(): void {
		this.#client.start();
	}
	stop(): void {
		this.#client.close();
	}
	retryNow(): void {
		this.#client.retryNow();
	}
	/** Asks the server for a longer past. */
	reachBack(windowMs: number): void {
		this.#client.subscribe({ deviceIds: null, windowMs });
	}

	forgetUnpainted(): void {
		this.store.forgetUnpainted();
	}

	/**
	 * A frame is on the screen, and took drawMs. It shows all that the store holds, unless it is an
	 * old one (paused). Also dispatched as an event of the document, to be measured from outside
	 * (bench/page).
	 */
	painted(drawMs: number, paused: boolean): void {
		const paintedMs = this.serverNowMs;
		const offsetMs = this.#client.clockOffsetMs;
		const ways = (paused ? [] : this.store.painted(paintedMs)).map(
			({ receivedMs, ...way }) => ({
				...way,
				receivedMs: receivedMs + offsetMs,
				paintedMs,
			}),
		);
		document.dispatchEvent(
			new CustomEvent("fireworks:frame", { detail: { drawMs, ways } }),
		);
	}

	/** The server's wall clock minus ours, as estimated. */
	get clockOffsetMs(): number {
		return this.#client.clockOffsetMs;
	}

	/** Number of devices that have been silent for too long. */
	staleCount(): number {
		const nowMs = this.serverNowMs;
		if (Math.abs(nowMs - this.#stale.atMs) >= COUNT_STALE_MS) {
			let count = 0;
			for (const { last } of this.store.paths)
				if (last && isStale(last, nowMs)) count++;
			this.#stale = { atMs: nowMs, count };
		}
		return this.#stale.count;
	}

	onChange(listener: () => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	#changed(): void {
		for (const listener of this.#listeners) listener();
	}
}
