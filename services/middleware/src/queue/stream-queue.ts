/**
 * The queue of a stream of the catalog: columns of its measures, as many as its definition names.
 *
 * It begins small and doubles while the memory that all streams share has room. Its oldest events
 * make room when it cannot grow, or when the memory is needed by smaller queues.
 */
import {
	FRAME_EVENTS_MAX,
	STREAM_FRAME_BYTES,
	STREAM_KEYS_MAX,
	STREAM_QUEUE_EVENTS_MAX,
	STREAM_QUEUE_EVENTS_MIN,
} from "../limits.ts";
import { columnJson } from "./column-json.ts";
import { KeyTable } from "./key-table.ts";
import type { QueueMemory, SharedQueue } from "./queue-memory.ts";
import { COMMON_EVENT_BYTES, RingQueue } from "./ring-queue.ts";

/** Usual length of an event's key and time, and of a measure, as JSON. */
const EVENT_TEXT_BYTES = 40;
const MEASURE_TEXT_BYTES = 20;

export interface StreamEvent {
	key: string | null;
	/** ms since 1970. */
	time: number;
	/** In the definition's order. */
	measures: readonly (number | null)[];
}

export interface StreamQueueOptions {
	measures: readonly string[];
	/** The version of the stream's definition. */
	version: number;
	memory: QueueMemory;
	keysMax?: number;
}

export class StreamQueue extends RingQueue<KeyTable> implements SharedQueue {
	readonly #names: readonly string[];
	readonly #version: number;
	readonly #memory: QueueMemory;
	/** One column for each measure; NaN: no value. */
	#measures: Float64Array[];

	constructor(options: StreamQueueOptions) {
		const { measures, version, memory, keysMax = STREAM_KEYS_MAX } = options;
		super(STREAM_QUEUE_EVENTS_MIN, new KeyTable(keysMax));
		this.#names = measures.map((name) => JSON.stringify(name));
		this.#version = version;
		this.#memory = memory;
		this.#measures = measures.map(() => new Float64Array(this.capacity));
		memory.add(this);
	}

	/** Gives its share of the memory to the other queues. It must not be used any more. */
	close(): void {
		this.#memory.remove(this);
	}

	/** Bytes of an event. */
	get eventBytes(): number {
		return COMMON_EVENT_BYTES + 8 * this.#names.length;
	}
	get bytes(): number {
		return this.capacity * this.eventBytes;
	}
	/** With the version: another definition reads the same records as other events. */
	override get tag(): string {
		return `${this.#version}v${this.stream}`;
	}
	get frameEventsMax(): number {
		const bytes = EVENT_TEXT_BYTES + MEASURE_TEXT_BYTES * this.#names.length;
		return Math.min(FRAME_EVENTS_MAX, Math.floor(STREAM_FRAME_BYTES / bytes));
	}

	/**
	 * Appends an event of a partition, whose offset must be at or after next[partition]. False:
	 * there is no room for another key, and the record is skipped.
	 */
	append(partition: number, offset: number, event: StreamEvent): boolean {
		const key = this.devices.resolve(event.key);
		if (key === undefined) {
			this.skip(partition, offset);
			return false;
		}
		if (this.count === this.capacity) this.#grow();
		const slot = this.claim(key, partition, offset, event.time);
		for (const [i, column] of this.#measures.entries())
			column[slot] = event.measures[i] ?? Number.NaN;
		return true;
	}

	#grow(): void {
		const capacity = 2 * this.capacity;
		if (
			capacity <= STREAM_QUEUE_EVENTS_MAX &&
			this.#memory.mayGrow(this, capacity * this.eventBytes)
		)
			this.#resizeTo(capacity);
	}

	halve(): void {
		this.#resizeTo(Math.max(1, Math.floor(this.capacity / 2)));
	}

	#resizeTo(capacity: number): void {
		this.resize(capacity, (moved) => {
			this.#measures = this.#measures.map(moved);
		});
	}

	/** The newest event time of all that are held; -Infinity if none is held. */
	newestMs(): number {
		let newest = Number.NEGATIVE_INFINITY;
		const { capacity, head, timestamp } = this;
		for (let ordinal = this.oldest; ordinal < head; ordinal++) {
			const time = timestamp[ordinal % capacity] as number;
			if (time > newest) newest = time;
		}
		return newest;
	}

	columnsJson(slots: Uint32Array): string {
		const measures = this.#measures.map(
			(column, i) => `${this.#names[i]}:${columnJson(column, slots)}`,
		);
		const { device, timestamp, partition, offset } = this;
		const columns = Object.entries({
			key: device,
			timestamp,
			partition,
			offset,
		}).map(([name, column]) => `"${name}":${columnJson(column, slots)}`);
		return `{${columns.join(",")},"measures":{${measures.join(",")}}}`;
	}
}
