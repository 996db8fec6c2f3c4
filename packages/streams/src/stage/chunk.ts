/**
 * What one transaction will hold: outputs, dead letters, changed states, and the new position. Bounded in input records and in bytes;
 * the last record may go over, so that one record larger than the bound still passes.
 */

import type { StageTopics } from "@fireworks/contracts";
import {
	DEAD_LETTER_HEADERS,
	ERROR_MESSAGE_CHARACTERS_MAX,
} from "@fireworks/contracts";
import { DeadLetter } from "../errors.ts";
import type { LogRecord, Outgoing, OutgoingRecord } from "../log.ts";
import { positionRecord, stateRecord } from "./changelog.ts";
import type { OutputRecord } from "./stage.ts";

/** Bytes a record takes in the log beside its key and value, about. */
const RECORD_OVERHEAD_BYTES = 40;
/** Bytes of a dead letter's headers, at most. */
const HEADERS_BYTES = 5_000;
/** A broker's standard limit of a record is 1,048,588 bytes, its batch included. */
export const OUTPUT_BYTES_MAX = 1_000_000;

export interface ChunkLimits {
	recordsMax: number;
	bytesMax: number;
}

export class Chunk {
	readonly #partition: number;
	readonly #topics: StageTopics;
	readonly #limits: ChunkLimits;
	readonly #outgoing = new Map<string, OutgoingRecord[]>();
	readonly #changed = new Set<string>();
	#bytes = 0;
	/** Input records, outputs and dead letters so far. */
	inputs = 0;
	outputs = 0;
	deadLetters = 0;

	constructor(partition: number, topics: StageTopics, limits: ChunkLimits) {
		this.#partition = partition;
		this.#topics = topics;
		this.#limits = limits;
	}

	get full(): boolean {
		return (
			this.inputs >= this.#limits.recordsMax ||
			this.#bytes >= this.#limits.bytesMax
		);
	}

	/** The outputs of one input record: all of them, or DeadLetter output-too-large and none. */
	output(records: readonly OutputRecord[]): void {
		for (const record of records) {
			if (bytesOf(record) > OUTPUT_BYTES_MAX)
				throw new DeadLetter(
					"output-too-large",
					`an output of ${bytesOf(record)} bytes, more than ${OUTPUT_BYTES_MAX}`,
				);
		}
		for (const record of records) {
			const { key, value, timestamp } = record;
			this.#to(record.topic ?? this.#topics.output.name).push({
				partition: this.#partition,
				key,
				value,
				timestamp,
			});
			this.#bytes += RECORD_OVERHEAD_BYTES + bytesOf(record);
			this.outputs++;
		}
	}

	/** The state of a key has changed; bytes: what it takes in the changelog, about. */
	changed(key: string, bytes: number): void {
		if (this.#changed.has(key)) return;
		this.#changed.add(key);
		this.#bytes += RECORD_OVERHEAD_BYTES + key.length + bytes;
	}

	/** timestamp: the wall time; the refused record's own may be anything, and a broker deletes what looks a week old. */
	deadLetter(record: LogRecord, reason: DeadLetter, timestamp: number): void {
		const { key, value, partition, offset } = record;
		this.#to(this.#topics.deadLetter.name).push({
			partition: this.#partition,
			key,
			value,
			timestamp,
			headers: {
				[DEAD_LETTER_HEADERS.code]: reason.code,
				[DEAD_LETTER_HEADERS.message]: cut(reason.message),
				[DEAD_LETTER_HEADERS.topic]: this.#topics.input,
				[DEAD_LETTER_HEADERS.partition]: String(partition),
				[DEAD_LETTER_HEADERS.offset]: String(offset),
			},
		});
		this.#bytes += HEADERS_BYTES + bytesOf(record);
		this.deadLetters++;
	}

	/** All of it by topic. encodeState: the state of a key as it is now; null where it was deleted. */
	outgoing(
		position: object,
		encodeState: (key: string) => string | null,
		timestamp: number,
	): Outgoing {
		const changelog = this.#to(this.#topics.changelog.name);
		for (const key of this.#changed) {
			changelog.push(
				stateRecord(this.#partition, key, encodeState(key), timestamp),
			);
		}
		changelog.push(positionRecord(this.#partition, position, timestamp));
		return this.#outgoing;
	}

	#to(topic: string): OutgoingRecord[] {
		let records = this.#outgoing.get(topic);
		if (records === undefined) {
			records = [];
			this.#outgoing.set(topic, records);
		}
		return records;
	}
}

const bytesOf = ({ key, value }: Pick<OutputRecord, "key" | "value">): number =>
	(key?.length ?? 0) + (value?.length ?? 0);

const cut = (message: string): string =>
	message.length <= ERROR_MESSAGE_CHARACTERS_MAX
		? message
		: [...message].slice(0, ERROR_MESSAGE_CHARACTERS_MAX).join("");
