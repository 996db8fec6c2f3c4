/**
 * Puts a stream's records into its queue. A record that cannot be read is counted and named; one
 * whose time lies too far ahead is set aside. Nothing else is left out, and nothing is merged: an
 * event is identified by its partition and offset only.
 */
import { type RecordDecoder, recordKey } from "@fireworks/pipeline";
import type { LogRecord } from "@fireworks/streams";
import type { Clock } from "@fireworks/time";
import {
	AHEAD_OF_CLOCK_MS,
	STREAM_KEY_BYTES_MAX,
	STREAM_PAST_RECORDS_MAX,
} from "../limits.ts";
import type { StreamQueue } from "../queue/stream-queue.ts";
import type { RecordSink } from "../reader/readable-log.ts";
import type { StreamProblems } from "./stream-problems.ts";

/** What became of the stream's records, and what the reader met. */
export class StreamCounts {
	received = 0;
	readerFailures = 0;
	streamRestarts = 0;
	shown = 0;
	/** Could not be read. */
	refused = 0;
	/** Set aside, as their time lies ahead of the clock. */
	ahead = 0;
	/** There was no room for their key. */
	keysFull = 0;
	/** Delivered a second time after the reader was reopened. */
	repeated = 0;
}

export interface StreamIngestOptions {
	topic: string;
	/** Whether the definition names a key; otherwise it is the record's own. */
	hasKey: boolean;
	queue: StreamQueue;
	decoder: RecordDecoder;
	problems: StreamProblems;
	counts: StreamCounts;
	clock: Clock;
	/** Called after each group of records, and after a restart (partition undefined). */
	onEvents(partition: number | undefined): void;
}

export class StreamIngest implements RecordSink {
	readonly queue: StreamQueue;
	readonly recordsMax = STREAM_PAST_RECORDS_MAX;
	readonly #options: StreamIngestOptions;

	constructor(options: StreamIngestOptions) {
		this.queue = options.queue;
		this.#options = options;
	}

	restart(starts: readonly number[], stream: string): void {
		this.queue.restart(starts, stream);
		this.#options.onEvents(undefined);
	}

	take(partition: number, records: readonly LogRecord[]): void {
		// The partition was added to the topic: the reader will be reopened for it.
		if (partition >= this.queue.next.length) return;
		const { counts, clock, onEvents } = this.#options;
		const aheadMs = clock.wallMs() + AHEAD_OF_CLOCK_MS;
		for (const record of records)
			if (record.offset < (this.queue.next[partition] ?? 0)) counts.repeated++;
			else {
				counts.received++;
				this.#take(record, aheadMs);
			}
		onEvents(partition);
	}

	#take(record: LogRecord, aheadMs: number): void {
		const { decoder, problems, counts, hasKey, topic } = this.#options;
		const { partition, offset, value, timestamp } = record;
		const at = { topic, partition, offset };
		const { record: read, refusal } = decoder.bytes(value, timestamp);
		if (read === undefined) {
			counts.refused++;
			problems.refused(refusal, at);
			this.queue.skip(partition, offset);
			return;
		}
		const key = hasKey ? read.key : recordKey(record.key);
		if ((record.key?.length ?? 0) > STREAM_KEY_BYTES_MAX && !hasKey) {
			counts.refused++;
			problems.add("the key is too long", at, `${record.key?.length} bytes`);
			this.queue.skip(partition, offset);
		} else if (read.time > aheadMs) {
			counts.ahead++;
			problems.ahead(key, read.time, at);
			this.queue.skip(partition, offset);
		} else if (
			this.queue.append(partition, offset, {
				key,
				time: read.time,
				measures: read.measures,
			})
		)
			counts.shown++;
		else {
			counts.keysFull++;
			problems.add(
				"no room for another key",
				at,
				`${this.queue.devices.max} keys have events here, and ${key} is new`,
			);
		}
	}
}
