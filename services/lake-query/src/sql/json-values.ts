/** DuckDB's values as JSON. */
import {
	DuckDBDecimalType,
	DuckDBTimestampMillisecondsValue,
	DuckDBTimestampNanosecondsValue,
	DuckDBTimestampSecondsValue,
	DuckDBTimestampTZValue,
	DuckDBTimestampValue,
	type DuckDBValue,
	type DuckDBValueConverter,
	type Json,
	JsonDuckDBValueConverter,
} from "@duckdb/node-api";

/** Decimal digits that every double has. */
const DOUBLE_DIGITS = 15;

/**
 * Integers beyond 2^53 become texts, as a JSON number would lose digits; so do decimals of more
 * than 15 digits. Times become ISO 8601 in UTC. The rest is as the library has it.
 */
export const jsonValue: DuckDBValueConverter<Json> = (
	value,
	type,
	converter,
) => {
	if (typeof value === "bigint") {
		const number = Number(value);
		return Number.isSafeInteger(number) ? number : value.toString();
	}
	const micros = microsecondsOf(value);
	if (micros !== undefined) return isoTime(micros) ?? String(value);
	if (type instanceof DuckDBDecimalType && type.width <= DOUBLE_DIGITS)
		return value === null ? null : Number(String(value));
	return JsonDuckDBValueConverter(value, type, converter);
};

/** undefined: the value is not a time. */
function microsecondsOf(value: DuckDBValue): bigint | undefined {
	if (
		value instanceof DuckDBTimestampTZValue ||
		value instanceof DuckDBTimestampValue
	)
		return value.micros;
	if (value instanceof DuckDBTimestampMillisecondsValue)
		return value.millis * 1_000n;
	if (value instanceof DuckDBTimestampSecondsValue)
		return value.seconds * 1_000_000n;
	if (value instanceof DuckDBTimestampNanosecondsValue)
		return value.nanos / 1_000n;
	return undefined;
}

/** undefined: infinite, or beyond what a Date can be. */
function isoTime(micros: bigint): string | undefined {
	const rest = ((micros % 1_000n) + 1_000n) % 1_000n;
	const ms = Number((micros - rest) / 1_000n);
	if (Math.abs(ms) > 8.64e15) return undefined;
	const text = new Date(ms).toISOString();
	return rest === 0n
		? text
		: `${text.slice(0, -1)}${String(rest).padStart(3, "0")}Z`;
}
