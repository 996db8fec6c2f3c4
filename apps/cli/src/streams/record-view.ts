/** A record as one line, or as JSON: with a stream's definition, or as the bytes that it is. */
import { isUtf8 } from "node:buffer";
import { eventTimeHeaderOf } from "@fireworks/contracts";
import {
	type CatalogEntry,
	parseLossless,
	type RecordDecoder,
	recordDecoder,
	stringifyLossless,
	validatorOf,
} from "@fireworks/pipeline";
import type { LogRecord } from "@fireworks/streams";
import { bytesJson, bytesText, cutText, safe, timeText } from "./text.ts";

const KEY_CHARACTERS_MAX = 128;
const VALUE_CHARACTERS_MAX = 10_000;

export interface RecordView {
	line(record: LogRecord): string;
	json(record: LogRecord): string;
}

/** entry: undefined for a topic that is not in the catalog. */
export function recordView(entry: CatalogEntry | undefined): RecordView {
	const decoder: RecordDecoder | undefined =
		entry && recordDecoder(entry, { validate: validatorOf(entry.schema) });
	const decode = (record: LogRecord) =>
		decoder?.bytes(record.value, record.timestamp);
	return {
		line: (record) => {
			const { key, partition, offset, value } = record;
			const found = decode(record);
			const refused = found?.refusal;
			const shown = found?.record
				? cutText(stringifyLossless(found.record.value), VALUE_CHARACTERS_MAX)
				: bytesText(value, VALUE_CHARACTERS_MAX);
			return [
				timeText(found?.record?.time ?? kafkaTime(record)),
				bytesText(key, KEY_CHARACTERS_MAX),
				`${partition}/${offset}`,
				refused
					? `! ${refused.code}: ${safe(refused.message)}: ${shown}`
					: shown,
			].join("  ");
		},
		json: (record) => {
			const { topic, partition, offset, timestamp, key, value, headers } =
				record;
			const found = decode(record);
			return stringifyLossless({
				topic,
				partition,
				offset,
				time: found?.record?.time ?? kafkaTime(record),
				timestamp,
				key: bytesJson(key),
				...(found?.record
					? { value: found.record.value }
					: found?.refusal
						? { refused: found.refusal, bytes: bytesJson(value) }
						: valueJson(value)),
				headers,
			});
		},
	};
}

const kafkaTime = ({ headers, timestamp }: LogRecord): number =>
	eventTimeHeaderOf(headers) ?? timestamp;

/** A value of a topic without a definition: JSON if it is some, else its bytes. */
function valueJson(value: Buffer | null): object {
	if (value === null) return { value: null };
	if (isUtf8(value))
		try {
			return { value: parseLossless(value.toString("utf8")) };
		} catch {
			// It is text that is not JSON.
		}
	return { bytes: bytesJson(value) };
}
