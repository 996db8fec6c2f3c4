/**
 * The streams of the catalog, each read while it has clients.
 *
 * Bounds: STREAMS_MAX streams at once, STREAM_QUEUES_BYTES_MAX bytes of queues. A stream without
 * clients is closed after STREAM_IDLE_MS, or when its place is needed.
 */
import type { CatalogEntry } from "@fireworks/pipeline";
import type { Clock } from "@fireworks/time";
import type { Sessions } from "../connection/sessions.ts";
import type { Counts } from "../counts.ts";
import {
	type ClientLimits,
	STREAM_IDLE_MS,
	STREAM_QUEUES_BYTES_MAX,
	STREAMS_MAX,
} from "../limits.ts";
import { QueueMemory } from "../queue/queue-memory.ts";
import type { ReadableLog, ReaderLogger } from "../reader/readable-log.ts";
import type { Decision } from "../server/websocket-server.ts";
import { Catalog } from "./catalog.ts";
import { ServedStream } from "./served-stream.ts";
import { StreamList } from "./stream-list.ts";
import type { StreamRequest } from "./stream-request.ts";

export interface StreamsOptions {
	log: ReadableLog;
	clock: Clock;
	logger: ReaderLogger;
	counts: Counts;
	limits: ClientLimits;
	/** Other bounds than the constants, for tests. */
	streamsMax?: number;
}

/** A stream can end while a client waits for it; it is then opened again, at most this often. */
const OPENINGS_MAX = 3;

export class Streams {
	readonly memory = new QueueMemory(STREAM_QUEUES_BYTES_MAX);
	readonly list: StreamList;
	readonly #options: StreamsOptions;
	readonly #catalog: Catalog;
	readonly #open = new Map<string, ServedStream>();
	readonly #idleTimers = new Map<ServedStream, () => void>();
	/** Streams that are being closed. */
	readonly #ending = new Set<Promise<void>>();
	#stopped = false;

	constructor(options: StreamsOptions) {
		this.#options = options;
		this.#catalog = new Catalog({
			...options,
			onChange: (name, entry) => this.#changed(name, entry),
		});
		this.list = new StreamList({ ...options, catalog: this.#catalog });
	}

	/** Streams that are read now. */
	get open(): Iterable<ServedStream> {
		return this.#open.values();
	}
	get openCount(): number {
		return this.#open.size;
	}
	/** Streams that the catalog has. */
	get knownCount(): number {
		return this.#catalog.entries.size;
	}
	/** All connections: of the list and of every stream. */
	get sessions(): Sessions[] {
		return [
			this.list.sessions,
			...[...this.#open.values()].map((s) => s.sessions),
		];
	}

	/** Reads the catalog until the signal is aborted. */
	run(signal: AbortSignal): Promise<void> {
		return this.#catalog.run(signal);
	}

	async admit(request: StreamRequest): Promise<Decision> {
		const name = request.stream;
		if (name === null) return { join: (socket) => this.list.add(socket) };
		for (let i = 0; i < OPENINGS_MAX && !this.#stopped; i++) {
			const stream = this.#served(name);
			if (!(stream instanceof ServedStream)) return stream;
			await stream.opened();
			if (stream.ended) continue;
			// If the client goes away without joining, nothing else reports it.
			this.#closeLaterIfIdle(stream);
			return { join: (socket) => stream.add(socket, request) };
		}
		return refusal(503, "not-ready", `the stream ${name} is being closed`);
	}

	/** The open stream, or a new one. */
	#served(name: string): ServedStream | Exclude<Decision, { join: unknown }> {
		const entry = this.#catalog.entries.get(name);
		if (entry === undefined)
			return this.#catalog.known
				? refusal(404, "stream", `there is no stream ${JSON.stringify(name)}`)
				: refusal(503, "not-ready", "the catalog was not read yet");
		const open = this.#open.get(name);
		if (open !== undefined) return open;
		const max = this.#options.streamsMax ?? STREAMS_MAX;
		if (this.#open.size >= max && !this.#closeIdle())
			return refusal(
				503,
				"streams",
				`${max} streams are shown now, which is the most: try again later`,
			);
		try {
			return this.#openStream(entry);
		} catch (error) {
			this.#options.logger.warn(
				{ stream: name, why: String(error) },
				"a stream's definition in the catalog cannot be used",
			);
			return refusal(500, "stream", `the definition of ${name} cannot be used`);
		}
	}

	#openStream(entry: CatalogEntry): ServedStream {
		const { name } = entry;
		const stream: ServedStream = new ServedStream(entry, {
			...this.#options,
			memory: this.memory,
			onLeft: () => this.#closeLaterIfIdle(stream),
			onFailed: (error) => {
				const why = error instanceof Error ? error.message : String(error);
				this.#options.logger.warn(
					{ stream: name, why },
					"a stream cannot be read: its clients are closed",
				);
				this.#close(stream, () => stream.endWith("stream-failed", why));
			},
		});
		this.#open.set(name, stream);
		return stream;
	}

	#changed(name: string, entry: CatalogEntry | undefined): void {
		this.list.changed();
		const stream = this.#open.get(name);
		if (stream === undefined || stream.entry.version === entry?.version) return;
		this.#close(stream, () =>
			entry === undefined
				? stream.endWith("stream-removed", `the stream ${name} was removed`)
				: stream.endChanged(),
		);
	}

	#close(stream: ServedStream, end: () => Promise<void>): void {
		const { name } = stream.entry;
		if (this.#open.get(name) === stream) this.#open.delete(name);
		this.#idleTimers.get(stream)?.();
		this.#idleTimers.delete(stream);
		const ended: Promise<void> = end().finally(() =>
			this.#ending.delete(ended),
		);
		this.#ending.add(ended);
	}

	/** Closes a stream without clients, if there is one. */
	#closeIdle(): boolean {
		for (const stream of this.#idleTimers.keys())
			if (stream.idle) {
				this.#close(stream, () => stream.end());
				return true;
			}
		return false;
	}

	/** The one that has been without clients longest comes first in the map. */
	#closeLaterIfIdle(stream: ServedStream): void {
		this.#idleTimers.get(stream)?.();
		this.#idleTimers.delete(stream);
		if (!stream.idle || stream.ended) return;
		const { clock } = this.#options;
		const cancel = clock.after(STREAM_IDLE_MS, () => {
			this.#idleTimers.delete(stream);
			if (stream.idle) this.#close(stream, () => stream.end());
		});
		this.#idleTimers.set(stream, cancel);
	}

	/** Ends all streams. Clients are sent away before. */
	async stop(): Promise<void> {
		this.#stopped = true;
		this.list.sessions.stop();
		for (const stream of [...this.#open.values()])
			this.#close(stream, () => stream.end());
		await Promise.all(this.#ending);
	}
}

const refusal = (status: 404 | 500 | 503, reason: string, message: string) => ({
	status,
	reason,
	message,
});
