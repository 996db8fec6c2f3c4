/**
 * Makes Kafka records for a stream: the only place that decides about a record's partition, key and
 * timestamp, and about what a refused record looks like among the dead letters.
 */
import {
	DEAD_LETTER_HEADERS,
	ERROR_MESSAGE_CHARACTERS_MAX,
	partitionOf,
} from "@fireworks/contracts";
import type { OutgoingRecord } from "@fireworks/streams";
import type { ReadRecord } from "./decoder.ts";

/** A stream has few keys that occur often, and hashing is not free. */
const KEYS_KEPT = 10_000;

/**
 * value: the record's JSON. turn: an integer that chooses the partition of a record without a key.
 */
export type ToOutgoing = (
	record: Pick<ReadRecord, "key" | "time">,
	value: Buffer | string,
	turn: number,
) => OutgoingRecord;

/** For a topic with this many partitions. */
export function toOutgoing(partitions: number): ToOutgoing {
	const keys = new Map<string, { key: Buffer; partition: number }>();
	const keyed = (text: string) => {
		const known = keys.get(text);
		if (known !== undefined) return known;
		const key = Buffer.from(text);
		const made = { key, partition: partitionOf(key, partitions) };
		if (keys.size >= KEYS_KEPT) keys.clear();
		keys.set(text, made);
		return made;
	};
	return (record, value, turn) => {
		const { key, partition } =
			record.key === null
				? { key: null, partition: turn % partitions }
				: keyed(record.key);
		return {
			partition,
			key,
			value,
			// Kafka has no times before 1970; the event time itself is in the value.
			timestamp: Math.max(0, record.time),
		};
	};
}

export interface RefusedInput {
	readonly code: string;
	readonly message: string;
	/** Where it came from, such as `file:weather.csv`. */
	readonly source: string;
	/** The stream that it was meant for. */
	readonly stream: string;
	/** What was read. */
	readonly value: Buffer | string | null;
	readonly partition: number;
	/** Further headers, such as the line. */
	readonly headers?: Readonly<Record<string, string>>;
}

/** The dead letter of an input that does not come from a topic. timestamp: of the wall clock. */
export const deadLetterOfInput = (
	refused: RefusedInput,
	timestamp: number,
): OutgoingRecord => ({
	partition: refused.partition,
	key: null,
	value: refused.value,
	timestamp,
	headers: {
		[DEAD_LETTER_HEADERS.code]: refused.code,
		[DEAD_LETTER_HEADERS.message]: refused.message.slice(
			0,
			ERROR_MESSAGE_CHARACTERS_MAX,
		),
		[DEAD_LETTER_HEADERS.topic]: refused.source,
		...refused.headers,
		"target-stream": refused.stream,
	},
});
