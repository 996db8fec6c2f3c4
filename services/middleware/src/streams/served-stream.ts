/**
 * One stream of the catalog while it is read: its reader, its queue, its fan-out and its clients.
 *
 *   opening -its recent past is read, or STREAM_OPEN_MS-> open -no clients for a while, changed,
 *           removed, cannot be read, or the middleware stops-> ended
 *
 * It ends only its own clients: no failure of a stream reaches another one.
 */
import {
	parseStreamPosition,
	pongSchema,
	STREAM_CLOSE,
} from "@fireworks/contracts";
import { type CatalogEntry, recordDecoder } from "@fireworks/pipeline";
import { type Clock, delay } from "@fireworks/time";
import { type Incoming, incomingOf } from "../connection/incoming.ts";
import { Session } from "../connection/session.ts";
import { Sessions } from "../connection/sessions.ts";
import type { Counts } from "../counts.ts";
import type { ClientSocket } from "../fanout/client-socket.ts";
import { Hub } from "../fanout/hub.ts";
import { Pacer } from "../fanout/pacer.ts";
import { keyFrames } from "../frames/hub-frames.ts";
import { smallFrame } from "../frames/small-frames.ts";
import {
	type ClientLimits,
	STREAM_FRAME_CACHE_BYTES_MAX,
	STREAM_OPEN_MS,
} from "../limits.ts";
import type { QueueMemory } from "../queue/queue-memory.ts";
import { StreamQueue } from "../queue/stream-queue.ts";
import { windowRule } from "../queue/window-snapshot.ts";
import type { ReadableLog, ReaderLogger } from "../reader/readable-log.ts";
import { StreamReader } from "../reader/stream-reader.ts";
import { askToComeBack } from "../stop.ts";
import { shownStream } from "./shown.ts";
import { StreamCounts, StreamIngest } from "./stream-ingest.ts";
import { StreamProblems } from "./stream-problems.ts";
import { type StreamRequest, subscriptionOf } from "./stream-request.ts";

export interface ServedStreamOptions {
	log: ReadableLog;
	clock: Clock;
	logger: ReaderLogger;
	/** What is counted for all streams together. */
	counts: Counts;
	limits: ClientLimits;
	memory: QueueMemory;
	/** The stream cannot be read, and trying again does not help. */
	onFailed(error: unknown): void;
	/** A client left. */
	onLeft(): void;
}

/** Time between two looks at whether the stream is open. */
const OPEN_POLL_MS = 20;

export class ServedStream {
	readonly entry: CatalogEntry;
	readonly queue: StreamQueue;
	readonly hub: Hub;
	readonly sessions: Sessions;
	readonly counts = new StreamCounts();
	readonly reader: StreamReader;
	readonly #options: ServedStreamOptions;
	readonly #pacer: Pacer;
	readonly #reading = new AbortController();
	readonly #read: Promise<void>;
	readonly #openUntilMs: number;
	#ended = false;
	/** Clients that wait for the stream to be open. */
	#waiting = 0;

	/** Reads from now on. Throws if the definition cannot be used. */
	constructor(entry: CatalogEntry, options: ServedStreamOptions) {
		const { log, clock, logger, counts, limits, memory } = options;
		this.entry = entry;
		this.#options = options;
		const decoder = recordDecoder(entry);
		const topic = entry.name;
		const problems = new StreamProblems(clock, {
			warn: (facts, message) =>
				logger.warn({ stream: topic, ...facts }, message),
		});
		this.queue = new StreamQueue({
			measures: Object.keys(entry.measures),
			version: entry.version,
			memory,
		});
		this.hub = new Hub({
			queue: this.queue,
			clock,
			counts,
			bounds: {
				bufferBytesMax: limits.bufferBytesMax,
				slowMaxMs: limits.slowMaxMs,
				snapshotPointsMax: limits.snapshotEventsMax,
				snapshotEventsMax: limits.snapshotEventsMax,
			},
			frames: keyFrames(this.queue.devices, {
				stream: shownStream(entry),
				batchMs: limits.batchMs,
				pingMs: limits.pingMs,
			}),
			snapshotRule: windowRule(this.queue, clock),
			frameCacheBytesMax: STREAM_FRAME_CACHE_BYTES_MAX,
		});
		this.#pacer = new Pacer(clock, limits.batchMs, (done) =>
			this.hub.flush(done),
		);
		this.sessions = new Sessions({
			clock,
			counts,
			pingMs: limits.pingMs,
			notice: {
				version: () => problems.version(),
				frame: () => smallFrame(problems.frame()),
			},
			onSweep: () => this.hub.sweep(),
		});
		this.reader = new StreamReader({
			log,
			topic,
			ingest: new StreamIngest({
				topic,
				hasKey: entry.key !== null,
				queue: this.queue,
				decoder,
				problems,
				counts: this.counts,
				clock,
				onEvents: (partition) => this.#pacer.notify(partition),
			}),
			clock,
			counts: this.counts,
			logger,
		});
		this.#openUntilMs = clock.monotonicMs() + STREAM_OPEN_MS;
		this.sessions.start();
		this.#read = this.reader
			.run(this.#reading.signal)
			.catch((error: unknown) => options.onFailed(error));
	}

	get ended(): boolean {
		return this.#ended;
	}
	/** Whether it has no clients, and none waits for it. */
	get idle(): boolean {
		return this.sessions.size === 0 && this.#waiting === 0;
	}

	/**
	 * Resolves when its recent past was read, or took too long: the rest follows in batches. A topic
	 * that does not exist yet is not waited for.
	 */
	async opened(): Promise<void> {
		const { clock } = this.#options;
		this.#waiting++;
		while (
			!this.#ended &&
			!this.reader.nearlyFilled &&
			!this.reader.absent &&
			clock.monotonicMs() < this.#openUntilMs
		)
			await delay(clock, OPEN_POLL_MS);
		this.#waiting--;
	}

	add(socket: ClientSocket, { subscription, after }: StreamRequest): Incoming {
		const { clock, limits } = this.#options;
		const { hub, queue, sessions } = this;
		// A position that cannot be read, or belongs to another topic or definition, is ignored: a
		// snapshot is always correct.
		const position =
			after === null
				? undefined
				: parseStreamPosition(after, queue.next.length, queue.tag);
		// What was read before the first client came belongs into its snapshot, with its window.
		if (hub.clients.size === 0) hub.flush();
		const client = hub.add(socket, subscription, position);
		const session = new Session({
			client,
			clock,
			pingMs: limits.pingMs,
			framesPerSecondMax: limits.framesPerSecondMax,
			take: (frame) => {
				const wanted = subscriptionOf(frame);
				if (wanted !== undefined) hub.subscribe(client, wanted);
				return wanted !== undefined || pongSchema.safeParse(frame).success;
			},
			takesNotices: () => client.state !== "catching-up",
		});
		const incoming = incomingOf(session, sessions);
		return {
			...incoming,
			ended: () => {
				incoming.ended();
				this.#options.onLeft();
			},
		};
	}

	/** Its definition changed: the clients come back, and get the new one. */
	endChanged(): Promise<void> {
		askToComeBack(this.sessions);
		return this.end();
	}

	/** It was removed, or cannot be read. */
	endWith(
		code: "stream-removed" | "stream-failed",
		message: string,
	): Promise<void> {
		for (const { client } of this.sessions)
			client.close(code, message, STREAM_CLOSE.ended);
		return this.end();
	}

	/** Stops reading and sending; resolves when the reader is closed. */
	async end(): Promise<void> {
		if (!this.#ended) {
			this.#ended = true;
			this.sessions.stop();
			this.#pacer.stop();
			this.#reading.abort();
			this.queue.close();
		}
		await this.#read;
	}
}
