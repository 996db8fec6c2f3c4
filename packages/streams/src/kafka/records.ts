/** Converts between kafkajs's messages and the port's records. */
import type { KafkaMessage } from "kafkajs";
import type { LogRecord, OutgoingRecord } from "../log.ts";

const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({});

/**
 * The fields that our patch of kafkajs adds to a message, except in formats before Kafka 0.11. They
 * give the numbers without a detour through text.
 */
type PatchedMessage = KafkaMessage & {
	readonly offsetNumber?: number;
	readonly timestampNumber?: number;
};

/** Converts a message to a record. If a header occurs several times, the last one is used. */
export const toLogRecord = (
	topic: string,
	partition: number,
	message: KafkaMessage,
): LogRecord => ({
	topic,
	partition,
	offset: (message as PatchedMessage).offsetNumber ?? Number(message.offset),
	key: message.key,
	value: message.value,
	timestamp:
		(message as PatchedMessage).timestampNumber ?? Number(message.timestamp),
	headers: toHeaders(message.headers),
});

function toHeaders(
	headers: KafkaMessage["headers"],
): Readonly<Record<string, string>> {
	if (headers === undefined) return NO_HEADERS;
	const names = Object.keys(headers);
	if (names.length === 0) return NO_HEADERS;
	const texts: Record<string, string> = {};
	for (const name of names) {
		const value = headers[name];
		const last = Array.isArray(value) ? value.at(-1) : value;
		if (last != null) texts[name] = last.toString();
	}
	return texts;
}

/** About the size of a record in a request: exact for ASCII, never less than a third of it. */
export const recordBytes = (record: OutgoingRecord): number => {
	let bytes = 32 + (record.key?.length ?? 0) + (record.value?.length ?? 0);
	for (const name in record.headers) {
		bytes += 8 + name.length + (record.headers[name]?.length ?? 0);
	}
	return bytes;
};
