/**
 * Reads a record by a stream's description: its key, its time and its measures, or why it cannot be
 * read. Nothing is guessed or rounded silently.
 */
import { isUtf8 } from "node:buffer";
import { parseLossless } from "../lossless-json.ts";
import { partsOf, valueAt } from "../paths.ts";
import { timeReader } from "../time/read-time.ts";
import {
	RECORD_TIMESTAMP,
	TIME_PROBLEMS,
	TimeRefused,
} from "../time/time-spec.ts";
import type { StreamDescription } from "./description.ts";

/** The closed set of codes, in the order of the checks. */
export const RECORD_PROBLEMS = [
	"no-value",
	"bad-encoding",
	"bad-json",
	"not-an-object",
	"bad-field",
	"bad-key",
	...TIME_PROBLEMS,
	"bad-measure",
] as const;
export type RecordProblem = (typeof RECORD_PROBLEMS)[number];

/** Why a record cannot be read. field: the path it is about; null: the whole record. */
export interface RecordRefusal {
	readonly code: RecordProblem;
	readonly field: string | null;
	readonly message: string;
}

export interface ReadRecord {
	/** null: the stream has no key. */
	readonly key: string | null;
	/** Event time, ms since 1970. */
	readonly time: number;
	/** In the order of the description's measures. null: no value. */
	readonly measures: readonly (number | null)[];
	readonly value: Readonly<Record<string, unknown>>;
}

export type Decoded =
	| { readonly record: ReadRecord; readonly refusal?: undefined }
	| { readonly refusal: RecordRefusal; readonly record?: undefined };

export interface DecoderOptions {
	/** Why the value does not fit the schema. Default: only key, time and measures are checked. */
	validate?(value: unknown): { field: string; message: string } | undefined;
}

const KEY_BYTES_MAX = 1_024;

class Refusal extends Error {
	readonly refusal: RecordRefusal;
	constructor(code: RecordProblem, field: string | null, message: string) {
		super(message);
		this.refusal = { code, field, message };
	}
}

export interface RecordDecoder {
	/** timestamp: the Kafka record's, in ms. */
	bytes(value: Buffer | null, timestamp: number): Decoded;
	/** The same for JSON that is parsed already. time: the event time, if it is known already. */
	json(value: unknown, timestamp: number, time?: number): Decoded;
}

export function recordDecoder(
	description: StreamDescription,
	{ validate }: DecoderOptions = {},
): RecordDecoder {
	const { key, time } = description;
	const keyParts = key === null ? undefined : partsOf(key);
	const timePath = time === RECORD_TIMESTAMP ? undefined : time.path;
	const readTime = time === RECORD_TIMESTAMP ? undefined : timeReader(time);
	const timeParts = partsOf(timePath ?? "");
	const measures = Object.keys(description.measures).map((path) => ({
		path,
		parts: partsOf(path),
	}));

	const read = (
		value: unknown,
		timestamp: number,
		known?: number,
	): ReadRecord => {
		if (typeof value !== "object" || value === null || Array.isArray(value))
			throw new Refusal(
				"not-an-object",
				null,
				"the record is not a JSON object",
			);
		const wrong = validate?.(value);
		if (wrong !== undefined)
			throw new Refusal("bad-field", wrong.field, wrong.message);
		return {
			key:
				keyParts === undefined
					? null
					: keyText(valueAt(value, keyParts), key as string),
			time:
				known ??
				(readTime === undefined
					? timestamp
					: timeAt(readTime, valueAt(value, timeParts), timePath as string)),
			measures: measures.map(({ path, parts }) =>
				measureOf(valueAt(value, parts), path),
			),
			value: value as Readonly<Record<string, unknown>>,
		};
	};
	const decoded = (read: () => ReadRecord): Decoded => {
		try {
			return { record: read() };
		} catch (error) {
			if (error instanceof Refusal) return { refusal: error.refusal };
			throw error;
		}
	};
	return {
		bytes: (value, timestamp) => decoded(() => read(jsonOf(value), timestamp)),
		json: (value, timestamp, time) =>
			decoded(() => read(value, timestamp, time)),
	};
}

/** A registry's serializer puts a zero byte and the schema's id, four bytes, before the JSON. */
const REGISTRY_HEADER_BYTES = 5;

function jsonOf(bytes: Buffer | null): unknown {
	if (bytes === null || bytes.length === 0)
		throw new Refusal("no-value", null, "the record has no value");
	const body = bytes[0] === 0 ? bytes.subarray(REGISTRY_HEADER_BYTES) : bytes;
	if (!isUtf8(body))
		throw new Refusal("bad-encoding", null, "the value is not UTF-8");
	const text = body.toString("utf8");
	try {
		return parseLossless(text.charCodeAt(0) === 0xfeff ? text.slice(1) : text);
	} catch (error) {
		throw new Refusal(
			"bad-json",
			null,
			`the value is not JSON: ${(error as Error).message}`,
		);
	}
}

function keyText(value: unknown, path: string): string {
	const key =
		typeof value === "string"
			? value
			: typeof value === "bigint" ||
					typeof value === "boolean" ||
					Number.isSafeInteger(value)
				? String(value)
				: undefined;
	if (key === undefined || key === "")
		throw new Refusal(
			"bad-key",
			path,
			`the key ${path} must be a text or an integer, not ${shown(value)}`,
		);
	if (Buffer.byteLength(key) > KEY_BYTES_MAX)
		throw new Refusal(
			"bad-key",
			path,
			`the key ${path} has more than ${KEY_BYTES_MAX} bytes`,
		);
	return key;
}

function timeAt(
	read: (value: unknown) => number,
	value: unknown,
	path: string,
): number {
	if (value === undefined || value === null)
		throw new Refusal("bad-time", path, `the record has no time at ${path}`);
	try {
		return read(value);
	} catch (error) {
		if (!(error instanceof TimeRefused)) throw error;
		throw new Refusal(error.code, path, `${path}: ${error.message}`);
	}
}

function measureOf(value: unknown, path: string): number | null {
	if (value === undefined || value === null) return null;
	if (typeof value === "number" && Number.isFinite(value)) return value;
	throw new Refusal(
		"bad-measure",
		path,
		typeof value === "bigint"
			? `${path} is ${value}: a measure beyond 2^53 would be rounded`
			: `${path} must be a number or null, not ${shown(value)}`,
	);
}

const SHOWN_MAX = 80;

function shown(value: unknown): string {
	if (value === undefined) return "absent";
	const text = JSON.stringify(value) ?? String(value);
	return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text;
}
