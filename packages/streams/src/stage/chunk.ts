/**
 * The content of one transaction: outputs, dead letters, changed states and timers, and the new
 * position. It
 * is bounded in input records and in bytes. The last record may exceed the bound, so a single
 * record larger than the bound still passes.
 */

import type { StageTopics } from "@fireworks/contracts";
import {
	DEAD_LETTER_HEADERS,
	ERROR_MESSAGE_CHARACTERS_MAX,
	EVENT_TIME_HEADER,
} from "@fireworks/contracts";
import { DeadLetter } from "../errors.ts";
import type { LogRecord, Outgoing, OutgoingRecord } from "../log.ts";
import { positionRecord, stateRecord, timersRecord } from "./changelog.ts";
import { partitionOfKey } from "./partition-of-text.ts";
import type { OutputRecord } from "./stage.ts";
import type { OldRecords, WrittenTopic } from "./written-topics.ts";

/** About how many bytes a record takes in the log in addition to its key and value. */
const RECORD_OVERHEAD_BYTES = 40;
/** Upper bound for the bytes of a dead letter's headers. */
const HEADERS_BYTES = 5_000;
/** Below a broker's default record limit, which is 1,048,588 bytes including the batch. */
const OUTPUT_BYTES_MAX = 1_000_000;

export interface ChunkLimits {
	recordsMax: number;
	bytesMax: number;
}

/** What all transactions of a task have in common. */
export interface ChunkOptions {
	readonly stage: string;
	/** Whether all outputs of the main topic must be in the task's own partition. */
	readonly sameKey: boolean;
	readonly partition: number;
	readonly topics: StageTopics;
	/** The outputs and side outputs, by name. */
	readonly written: ReadonlyMap<string, WrittenTopic>;
	/** Number of partitions of the dead letters' topic. */
	readonly deadLetterPartitions: number;
	readonly old: OldRecords;
	readonly limits: ChunkLimits;
}

export class Chunk {
	readonly #options: ChunkOptions;
	readonly #partition: number;
	readonly #topics: StageTopics;
	/** The wall time. ms since 1970. */
	readonly #now: number;
	readonly #outgoing = new Map<string, OutgoingRecord[]>();
	readonly #changed = new Set<string>();
	readonly #changedTimers = new Set<string>();
	#bytes = 0;
	/** Input records, outputs and dead letters so far. */
	inputs = 0;
	outputs = 0;
	deadLetters = 0;

	/** Timers that fired. */
	fired = 0;

	constructor(options: ChunkOptions, now: number) {
		this.#options = options;
		this.#partition = options.partition;
		this.#topics = options.topics;
		this.#now = now;
	}

	get empty(): boolean {
		return this.inputs === 0 && this.fired === 0;
	}

	get full(): boolean {
		return (
			this.inputs + this.fired >= this.#options.limits.recordsMax ||
			this.#bytes >= this.#options.limits.bytesMax
		);
	}

	/**
	 * Adds all outputs of one input record. If one is too large, adds none and throws DeadLetter
	 * output-too-large.
	 */
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
			const topic = record.topic ?? this.#topics.output.name;
			const { partitions, byAppend, ageMaxMs } = this.#written(topic);
			const partition = this.#partitionOf(topic, key, partitions);
			if (this.#now - timestamp > ageMaxMs)
				this.#options.old.written(topic, timestamp, ageMaxMs);
			this.#to(topic).push(
				byAppend
					? {
							partition,
							key,
							value,
							timestamp: this.#now,
							headers: { [EVENT_TIME_HEADER]: String(timestamp) },
						}
					: { partition, key, value, timestamp },
			);
			this.#bytes += RECORD_OVERHEAD_BYTES + bytesOf(record);
			this.outputs++;
		}
	}

	#written(topic: string): WrittenTopic {
		const found = this.#options.written.get(topic);
		if (found !== undefined) return found;
		throw new Error(
			`an output names the topic ${topic}, which the stage does not write: list it in sideOutputs`,
		);
	}

	/** The partition of the record's own key, among those that its topic has. */
	#partitionOf(
		topic: string,
		key: OutputRecord["key"],
		partitions: number,
	): number {
		if (key === null) return this.#partition % partitions;
		const partition = partitionOfKey(key, partitions);
		if (
			this.#options.sameKey &&
			partition !== this.#partition &&
			topic === this.#topics.output.name
		)
			throw new Error(
				`the stage promises outputs with the key of their input (sameKey), but the key ${JSON.stringify(String(key))} belongs to partition ${partition} of ${partitions}, not ${this.#partition}`,
			);
		return partition;
	}

	/** Notes that the state of a key has changed. bytes: about what it takes in the changelog. */
	changed(key: string, bytes: number): void {
		if (this.#changed.has(key)) return;
		this.#changed.add(key);
		this.#bytes += RECORD_OVERHEAD_BYTES + key.length + bytes;
	}

	/** Notes that the timers of a key have changed. */
	changedTimers(key: string): void {
		if (this.#changedTimers.has(key)) return;
		this.#changedTimers.add(key);
		this.#bytes += 2 * RECORD_OVERHEAD_BYTES + key.length;
	}

	/**
	 * timestamp: the wall time. The refused record's own timestamp can have any value, and a broker
	 * would delete a dead letter that looks a week old.
	 */
	deadLetter(record: LogRecord, reason: DeadLetter, timestamp: number): void {
		const { key, value, partition, offset } = record;
		const { name } = this.#topics.deadLetter;
		this.#to(name).push({
			partition: this.#partition % this.#options.deadLetterPartitions,
			key,
			value,
			timestamp,
			headers: {
				[DEAD_LETTER_HEADERS.code]: reason.code,
				[DEAD_LETTER_HEADERS.message]: cut(reason.message),
				[DEAD_LETTER_HEADERS.topic]: record.topic,
				[DEAD_LETTER_HEADERS.partition]: String(partition),
				[DEAD_LETTER_HEADERS.offset]: String(offset),
				[DEAD_LETTER_HEADERS.stage]: this.#options.stage,
			},
		});
		this.#bytes += HEADERS_BYTES + bytesOf(record);
		this.deadLetters++;
	}

	/**
	 * Everything to write, by topic. encodeState: the current state of a key; null if it was
	 * deleted. encodeTimers: its timers; null if it has none.
	 */
	outgoing(
		position: object,
		encodeState: (key: string) => string | null,
		encodeTimers: (key: string) => string | null,
		timestamp: number,
	): Outgoing {
		const changelog = this.#to(this.#topics.changelog.name);
		for (const key of this.#changed) {
			changelog.push(
				stateRecord(this.#partition, key, encodeState(key), timestamp),
			);
		}
		for (const key of this.#changedTimers) {
			changelog.push(
				timersRecord(this.#partition, key, encodeTimers(key), timestamp),
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
