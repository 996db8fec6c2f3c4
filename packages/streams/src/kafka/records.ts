/** Between kafkajs's messages and the port's records. */
import type { KafkaMessage } from "kafkajs";
import type { LogRecord, OutgoingRecord } from "../log.ts";

const NO_HEADERS: Readonly<Record<string, string>> = Object.freeze({});

/** What our patch of kafkajs adds to a message (not to those in the formats before Kafka 0.11): the numbers, without a detour by text. */
type PatchedMessage = KafkaMessage & {
	readonly offsetNumber?: number;
	readonly timestampNumber?: number;
};

/** A message as a record. Of a header that stands several times, the last is taken. */
export const toLogRecord = (
	partition: number,
	message: KafkaMessage,
): LogRecord => ({
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

/** About what a record takes in a request: exact for ASCII, never less than a third of it. */
export const recordBytes = (record: OutgoingRecord): number => {
	let bytes = 32 + (record.key?.length ?? 0) + (record.value?.length ?? 0);
	for (const name in record.headers) {
		bytes += 8 + name.length + (record.headers[name]?.length ?? 0);
	}
	return bytes;
};
