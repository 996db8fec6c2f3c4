/** Puts records into the queue: decides which are events, skips repeats, and reports changes. */
import type { EventParser, MappedRecord } from "@fireworks/contracts";
import type { LogRecord } from "@fireworks/streams";
import type { Counts } from "../counts.ts";
import { AHEAD_OF_CLOCK_MS, DEVICE_ID_CHARACTERS_MAX } from "../limits.ts";
import type { Problems } from "../problems/problems.ts";
import type { EventQueue } from "../queue/event-queue.ts";
import type { RecordSink } from "./readable-log.ts";
import { withStep } from "./step.ts";

export interface IngestOptions {
	queue: EventQueue;
	counts: Counts;
	/** The event in a record, or undefined if there is none. */
	parse: EventParser;
	/** Why a record makes no event. */
	whyNone: (record: MappedRecord) => string;
	problems: Problems;
	/** The records' topic, named in problems. */
	topic: string;
	/** ms since 1970. */
	wallMs: () => number;
	/**
	 * Whether records arrive as they are written. Old records do not show which devices are refused
	 * now.
	 */
	isLive: () => boolean;
	/**
	 * Called after each group of records, and after a restart (partition undefined). newestMs:
	 * event time of the group's last event.
	 */
	onEvents: (
		newestMs: number | undefined,
		partition: number | undefined,
	) => void;
}

export class Ingest implements RecordSink {
	readonly queue: EventQueue;
	readonly #options: IngestOptions;

	constructor(options: IngestOptions) {
		this.queue = options.queue;
		this.#options = options;
	}

	get recordsMax(): number {
		return this.queue.capacity;
	}

	/** Drops everything and begins at these offsets. stream: the topic's id. */
	restart(starts: readonly number[], stream: string): void {
		this.queue.restart(starts, stream);
		this.#options.onEvents(undefined, undefined);
	}

	/** Takes records of one partition, in order of offset. */
	take(partition: number, records: readonly LogRecord[]): void {
		// The partition was added to the topic: the reader will be reopened for it.
		if (partition >= this.queue.next.length) return;
		const { counts, parse, onEvents, problems } = this.#options;
		const aheadMs = this.#options.wallMs() + AHEAD_OF_CLOCK_MS;
		let newestMs: number | undefined;
		for (const record of records) {
			const { offset } = record;
			if (offset < (this.queue.next[partition] ?? 0)) {
				counts.repeated++;
				continue;
			}
			counts.received++;
			const event = parse(record);
			if (event === undefined) {
				counts.invalid++;
				this.queue.skip(partition, offset);
				this.#problem(this.#options.whyNone(record), partition, offset);
			} else if (event.deviceId.length > DEVICE_ID_CHARACTERS_MAX) {
				counts.invalid++;
				this.queue.skip(partition, offset);
				this.#problem("the key is too long", partition, offset);
			} else if (
				this.queue.append(partition, offset, withStep(this.queue, event))
			) {
				newestMs = event.timestamp;
				if (this.#options.isLive()) problems.accepted(event.deviceId);
				if (event.timestamp > aheadMs)
					this.#problem(
						"a time more than 1 h ahead of the clock",
						partition,
						offset,
						`, device ${event.deviceId}, ${new Date(event.timestamp).toISOString()}`,
					);
			} else {
				counts.noRoomForDevice++;
				this.#problem("no room for another device", partition, offset);
			}
		}
		onEvents(newestMs, partition);
	}

	#problem(reason: string, partition: number, offset: number, more = ""): void {
		const { problems, topic } = this.#options;
		problems.record(
			reason,
			`topic ${topic}, partition ${partition}, offset ${offset}${more}`,
		);
	}
}
