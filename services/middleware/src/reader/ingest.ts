/** From records to the queue: what is an event, what was seen before, and who must be told. */
import type { EventParser } from "@fireworks/contracts";
import type { LogRecord } from "@fireworks/streams";
import type { Counts } from "../counts.ts";
import { DEVICE_ID_CHARACTERS_MAX } from "../limits.ts";
import type { EventQueue } from "../queue/event-queue.ts";
import { withStep } from "./step.ts";

export interface IngestOptions {
	queue: EventQueue;
	counts: Counts;
	/** The event in a record, or undefined where there is none. */
	parse: EventParser;
	/** Told after each lot of records, and after a restart (partition undefined). newestMs: event time of its last event. */
	onEvents: (
		newestMs: number | undefined,
		partition: number | undefined,
	) => void;
}

export class Ingest {
	readonly queue: EventQueue;
	readonly #counts: Counts;
	readonly #parse: IngestOptions["parse"];
	readonly #onEvents: IngestOptions["onEvents"];

	constructor({ queue, counts, parse, onEvents }: IngestOptions) {
		this.queue = queue;
		this.#counts = counts;
		this.#parse = parse;
		this.#onEvents = onEvents;
	}

	/** Drops what there was and begins at these offsets. */
	restart(starts: readonly number[]): void {
		this.queue.restart(starts);
		this.#onEvents(undefined, undefined);
	}

	/** Records of one partition, in order of offset. */
	take(partition: number, records: readonly LogRecord[]): void {
		// A partition that was added: the reader will be opened anew for it.
		if (partition >= this.queue.next.length) return;
		let newestMs: number | undefined;
		for (const record of records) {
			const { offset } = record;
			if (offset < (this.queue.next[partition] ?? 0)) {
				this.#counts.repeated++;
				continue;
			}
			this.#counts.received++;
			const event = this.#parse(record);
			if (
				event === undefined ||
				event.deviceId.length > DEVICE_ID_CHARACTERS_MAX
			) {
				this.#counts.invalid++;
				this.queue.skip(partition, offset);
			} else if (
				this.queue.append(partition, offset, withStep(this.queue, event))
			)
				newestMs = event.timestamp;
			else this.#counts.noRoomForDevice++;
		}
		this.#onEvents(newestMs, partition);
	}
}
