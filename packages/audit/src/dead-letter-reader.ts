/** Reads a record of `dead-letter` into the form in which it is compared. */
import {
	DEAD_LETTER_HEADERS,
	DEVICE_ID_CODE_POINTS_MAX,
} from "@fireworks/contracts";
import { type Fingerprint, fingerprint } from "./dead-letter-source.ts";
import type { LogRecord } from "./types.ts";

export interface DeadLetter {
	/** Offset in `dead-letter`. */
	readonly offset: number;
	readonly sourcePartition: number;
	readonly sourceOffset: number;
	readonly code: string;
	readonly key: Fingerprint;
	readonly value: Fingerprint;
	/** The key as text, if it may be a DeviceID. */
	readonly deviceId: string | null;
}

const UTF8_BYTES_PER_CODE_POINT_MAX = 4;
const DEVICE_ID_BYTES_MAX =
	DEVICE_ID_CODE_POINTS_MAX * UTF8_BYTES_PER_CODE_POINT_MAX;
const WHOLE_NUMBER = /^[0-9]{1,16}$/;

/** The source topic that a dead letter names; undefined if it names none. */
export const sourceTopicOf = (record: LogRecord): string | undefined =>
	record.headers[DEAD_LETTER_HEADERS.topic];

/** Reads a dead letter, or returns why it cannot be read. */
export function readDeadLetter({
	offset,
	key,
	value,
	headers,
}: LogRecord): DeadLetter | string {
	const code = headers[DEAD_LETTER_HEADERS.code];
	if (code === undefined) return `no header ${DEAD_LETTER_HEADERS.code}`;
	const sourcePartition = wholeNumber(headers[DEAD_LETTER_HEADERS.partition]);
	if (sourcePartition === undefined) {
		return `header ${DEAD_LETTER_HEADERS.partition} is not a whole number`;
	}
	const sourceOffset = wholeNumber(headers[DEAD_LETTER_HEADERS.offset]);
	if (sourceOffset === undefined) {
		return `header ${DEAD_LETTER_HEADERS.offset} is not a whole number`;
	}
	const mayBeDeviceId = key !== null && key.length <= DEVICE_ID_BYTES_MAX;
	return {
		offset,
		sourcePartition,
		sourceOffset,
		code,
		key: fingerprint(key),
		value: fingerprint(value),
		deviceId: mayBeDeviceId ? key.toString("utf8") : null,
	};
}

function wholeNumber(text: string | undefined): number | undefined {
	return text !== undefined && WHOLE_NUMBER.test(text)
		? Number(text)
		: undefined;
}
