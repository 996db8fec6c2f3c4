/**
 * What one transaction will hold: outputs, dead letters, changed states, and the new position. Bounded in input records and in bytes;
 * the last record may go over, so that one record larger than the bound still passes.
 */
import {
	DEAD_LETTER_HEADERS,
	ERROR_MESSAGE_CHARACTERS_MAX,
} from "@fireworks/contracts";
import type { DeadLetter } from "../errors.ts";
import type { LogRecord, Outgoing, OutgoingRecord } from "../log.ts";
import { positionRecord, stateRecord } from "./changelog.ts";
import type { OutputRecord, StageTopics } from "./stage.ts";

/** Bytes a record takes in the log beside its key and value, about. */
const RECORD_OVERHEAD_BYTES = 40;

export interface ChunkLimits {
	recordsMax: number;
	bytesMax: number;
}

export class Chunk {
	readonly #partition: number;
	readonly #limits: ChunkLimits;
	readonly #outputs: OutgoingRecord[] = [];
	readonly #deadLetters: OutgoingRecord[] = [];
	readonly #changed = new Set<string>();
	#inputs = 0;
	#bytes = 0;

	constructor(partition: number, limits: ChunkLimits) {
		this.#partition = partition;
		this.#limits = limits;
	}

	get full(): boolean {
		return (
			this.#inputs >= this.#limits.recordsMax ||
			this.#bytes >= this.#limits.bytesMax
		);
	}

	get inputs(): number {
		return this.#inputs;
	}

	get outputs(): number {
		return this.#outputs.length;
	}

	get deadLetters(): number {
		return this.#deadLetters.length;
	}

	input(): void {
		this.#inputs++;
	}

	output(record: OutputRecord): void {
		this.#outputs.push({
			partition: this.#partition,
			key: record.key,
			value: record.value,
			timestamp: record.timestamp,
		});
		this.#bytes +=
			RECORD_OVERHEAD_BYTES +
			(record.key?.length ?? 0) +
			(record.value?.length ?? 0);
	}

	changed(key: string, bytes: number): void {
		if (this.#changed.has(key)) return;
		this.#changed.add(key);
		this.#bytes += RECORD_OVERHEAD_BYTES + key.length + bytes;
	}

	/** timestamp: the wall time; the refused record's own may be anything, and a broker deletes what looks a week old. */
	deadLetter(
		topic: string,
		record: LogRecord,
		reason: DeadLetter,
		timestamp: number,
	): void {
		this.#deadLetters.push({
			partition: this.#partition,
			key: record.key,
			value: record.value,
			timestamp,
			headers: {
				[DEAD_LETTER_HEADERS.code]: reason.code,
				[DEAD_LETTER_HEADERS.message]: [...reason.message]
					.slice(0, ERROR_MESSAGE_CHARACTERS_MAX)
					.join(""),
				[DEAD_LETTER_HEADERS.topic]: topic,
				[DEAD_LETTER_HEADERS.partition]: String(record.partition),
				[DEAD_LETTER_HEADERS.offset]: String(record.offset),
			},
		});
		this.#bytes +=
			1_500 + (record.key?.length ?? 0) + (record.value?.length ?? 0);
	}

	/** All of it by topic. encodeState: the state of a key as it is now; null where it was deleted. */
	outgoing(
		topics: StageTopics,
		position: object,
		encodeState: (key: string) => string | null,
		timestamp: number,
	): Outgoing {
		const changelog: OutgoingRecord[] = [];
		for (const key of this.#changed)
			changelog.push(
				stateRecord(this.#partition, key, encodeState(key), timestamp),
			);
		changelog.push(positionRecord(this.#partition, position, timestamp));
		const outgoing = new Map<string, readonly OutgoingRecord[]>();
		if (this.#outputs.length > 0)
			outgoing.set(topics.output.name, this.#outputs);
		if (this.#deadLetters.length > 0)
			outgoing.set(topics.deadLetter.name, this.#deadLetters);
		outgoing.set(topics.changelog.name, changelog);
		return outgoing;
	}
}
