/**
 * One stream as the page holds it: the client, the points, and one signal that something changed.
 *
 * The server sends only the keys that are shown, so that a stream of 10,000 keys costs the browser
 * no more than one of twenty. At first it asks for nearly nothing of the past, to learn the keys.
 */
import {
	type ClientState,
	StreamClient,
	type StreamClientEvents,
	type StreamSubscription,
} from "@fireworks/client";
import type { DrawnStream } from "../../chart/use-frame-clock.ts";
import { RateMeter } from "../../stream/rate-meter.ts";
import { StreamHistory } from "../history/stream-history.ts";
import { WINDOW_MAX_MS } from "../view/time-range.ts";
import type { ShownStream } from "./frames.ts";
import { PointStore } from "./point-store.ts";

/** The least that one can ask for. */
const NO_PAST_MS = 1_000;

export class StreamFeed implements DrawnStream {
	readonly url: string;
	readonly name: string;
	readonly store = new PointStore();
	/** What the lake has of the stream; undefined: the lake is off. */
	readonly history: StreamHistory | undefined;
	/** Records a second of the shown keys. */
	readonly rate = new RateMeter();
	/** The definition, as the server reports it. */
	stream: ShownStream | undefined;
	problems: StreamClientEvents["problems"] | undefined;
	/** Whether any connection has been open. */
	everOpen = false;
	/** Whether the points of the asked keys have begun to arrive. */
	snapshotted = false;
	readonly #client: StreamClient;
	readonly #listeners = new Set<() => void>();
	#asked: string;

	/** keys: those to show, if they are known; empty: the server's keys decide. */
	constructor(
		url: string,
		name: string,
		keys: readonly (string | null)[],
		hasLake: boolean,
	) {
		this.url = url;
		this.name = name;
		this.history = hasLake
			? new StreamHistory(name, () => this.#changed())
			: undefined;
		const first: StreamSubscription =
			keys.length > 0
				? subscriptionTo(keys, false)
				: { keys: null, windowMs: NO_PAST_MS };
		this.#asked = JSON.stringify(first);
		const client = new StreamClient({ url, stream: name, ...first });
		this.#client = client;
		const { store } = this;
		client.on("state", ({ kind }) => {
			this.everOpen ||= kind === "open";
			this.#changed();
		});
		client.on("hello", ({ stream }) => {
			this.stream = stream;
			// Another server has its own count of problems.
			this.problems = undefined;
		});
		client.on("keys", (all) => {
			store.takeKeys(all);
			this.#changed();
		});
		client.on("events", (frame) => {
			this.snapshotted = true;
			store.takeEvents(frame);
			if (frame.type === "batch")
				this.rate.add(frame.columns.key.length, Date.now());
			this.#changed();
		});
		client.on("gap", ({ count }) => {
			store.takeGap(count);
			this.#changed();
		});
		client.on("problems", (problems) => {
			this.problems = problems;
			this.#changed();
		});
	}

	/** Rises with each change of what is drawn. */
	get version(): number {
		return this.store.version + (this.history?.version ?? 0);
	}
	get state(): ClientState {
		return this.#client.state;
	}
	/** Our estimate of the server's clock. */
	get serverNowMs(): number {
		return Date.now() + this.#client.clockOffsetMs;
	}

	start(): void {
		this.#client.start();
		this.history?.start();
	}
	stop(): void {
		this.#client.close();
		this.history?.stop();
	}
	retryNow(): void {
		this.#client.retryNow();
	}

	/** Asks for the past and the future of these keys. all: they are all keys of the stream. */
	show(keys: readonly (string | null)[], all: boolean): void {
		if (keys.length === 0) return;
		const wanted = subscriptionTo(keys, all);
		const text = JSON.stringify(wanted);
		if (text === this.#asked) return;
		this.#asked = text;
		this.snapshotted = false;
		this.#client.subscribe(wanted);
	}

	/** How late a picture is, is measured on the page of the built-in example only. */
	forgetUnpainted(): void {}

	painted(drawMs: number): void {
		document.dispatchEvent(
			new CustomEvent("fireworks:frame", { detail: { drawMs, ways: [] } }),
		);
	}

	onChange(listener: () => void): () => void {
		this.#listeners.add(listener);
		return () => this.#listeners.delete(listener);
	}

	#changed(): void {
		for (const listener of this.#listeners) listener();
	}
}

/** A subscription cannot name the records without a key, nor an empty key: it asks for all then. */
const subscriptionTo = (
	keys: readonly (string | null)[],
	all: boolean,
): StreamSubscription => ({
	keys:
		all || keys.some((key) => key === null || key === "")
			? null
			: keys.filter((key) => key !== null).toSorted(),
	windowMs: WINDOW_MAX_MS,
});
