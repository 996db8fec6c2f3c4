/** A row of a table, and how it follows from a record of Kafka. */
import type { LogRecord } from "@fireworks/audit";
import type { Column } from "@fireworks/lake";
import { recordKey } from "@fireworks/pipeline";

/** The columns that say which record of Kafka a row is of. The others hold the record's fields. */
export const OWN = {
	time: "event_time",
	key: "record_key",
	partition: "kafka_partition",
	offset: "kafka_offset",
	kafkaTime: "kafka_time",
} as const;

const OWN_NAMES: ReadonlySet<string> = new Set(Object.values(OWN));
/** The field of the event time in ticks and in Wiener records, in ms. */
const TIME_FIELD = "timestamp";
const HEX = "hex:";

/** A value as the audit compares it. Times are µs since 1970. */
export type Value = string | number | boolean | null;

export interface TableRow {
	readonly offset: number;
	/** By column. */
	readonly values: ReadonlyMap<string, Value>;
}

export const fieldColumns = (columns: readonly Column[]): string[] =>
	columns.map(({ name }) => name).filter((name) => !OWN_NAMES.has(name));

/** The record that a row was made of, as far as the table has kept it. */
export function recordOf(
	{ offset, values }: TableRow,
	partition: number,
	fields: readonly string[],
): LogRecord {
	const value = Object.fromEntries(
		fields.flatMap((name) => {
			const one = values.get(name) ?? null;
			return one === null ? [] : [[name, one]];
		}),
	);
	const time = values.get(OWN.kafkaTime);
	return {
		partition,
		offset,
		key: keyOf(values.get(OWN.key)),
		value: Buffer.from(JSON.stringify(value)),
		timestamp: typeof time === "number" ? time / 1_000 : -1,
		headers: {},
	};
}

function keyOf(text: Value | undefined): Buffer | null {
	if (typeof text !== "string") return null;
	return text.startsWith(HEX)
		? Buffer.from(text.slice(HEX.length), "hex")
		: Buffer.from(text);
}

/** The columns in which a row differs from its record: what they should be, and are. */
export function differences(
	{ values }: TableRow,
	record: LogRecord,
	fields: readonly string[],
): { column: string; expected: Value | undefined; found: Value }[] {
	const json = jsonOf(record.value);
	const expected = new Map<string, Value | undefined>([
		...fields.map((name) => [name, json?.[name]] as const),
		[OWN.time, micros(json?.[TIME_FIELD])],
		[OWN.key, recordKey(record.key)],
		[OWN.kafkaTime, record.timestamp === -1 ? null : micros(record.timestamp)],
	]);
	return [...expected].flatMap(([column, right]) => {
		const found = values.get(column) ?? null;
		return found === (right ?? null)
			? []
			: [{ column, expected: right, found }];
	});
}

const micros = (ms: Value | undefined): number | undefined =>
	typeof ms === "number" ? ms * 1_000 : undefined;

/** undefined: not a JSON object. Fields that are objects themselves do not occur in the example. */
function jsonOf(value: Buffer | null): Record<string, Value> | undefined {
	try {
		const json: unknown = JSON.parse(String(value));
		return typeof json === "object" && json !== null
			? (json as Record<string, Value>)
			: undefined;
	} catch {
		return undefined;
	}
}
