/** Converts a JSON value to a cell of its column, without rounding, or says why it does not fit. */
import type { Cell } from "@fireworks/lake";
import { stringifyLossless } from "@fireworks/pipeline";
import type { FieldKind } from "./columns.ts";

/** A value does not fit its column. */
export class CellRefused extends Error {
	override readonly name = "CellRefused";
}

const INT64_MAX = 2n ** 63n - 1n;
const INT64_MIN = -(2n ** 63n);

/** value: neither undefined nor null. Throws CellRefused. */
export const TO_CELL: Readonly<Record<FieldKind, (value: unknown) => Cell>> = {
	boolean: (value) => {
		if (typeof value === "boolean") return value;
		throw refused(value, "true or false");
	},
	long: (value) => {
		if (typeof value === "number" && Number.isSafeInteger(value)) return value;
		const whole =
			typeof value === "bigint"
				? value
				: // As 1e17, all of whose digits JSON has said.
					typeof value === "number" && Number.isInteger(value)
					? BigInt(value)
					: undefined;
		if (whole === undefined) throw refused(value, "an integer");
		if (whole > INT64_MAX || whole < INT64_MIN)
			throw refused(value, "an integer of 64 bits");
		return whole;
	},
	double: (value) => {
		if (typeof value === "number" && Number.isFinite(value)) return value;
		if (typeof value === "bigint") {
			const double = Number(value);
			if (Number.isFinite(double) && BigInt(double) === value) return double;
			throw refused(value, "a number that a double can hold without rounding");
		}
		throw refused(value, "a finite number");
	},
	string: (value) => {
		if (typeof value !== "string") throw refused(value, "a text");
		if (value.isWellFormed()) return value;
		throw refused(
			value,
			"a text of Unicode characters, without half of a pair",
		);
	},
	json: (value) => stringifyLossless(value),
};

const SHOWN_MAX = 80;

function refused(value: unknown, expected: string): CellRefused {
	const text = stringifyLossless(value) ?? String(value);
	const shown = text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX)}…` : text;
	return new CellRefused(`must be ${expected}, not ${shown}`);
}

/** The least and the greatest time that JavaScript can show, in ms. In µs it fits 64 bits. */
const TIME_MAX_MS = 8.64e15;

/** ms since 1970 as µs; undefined if it lies outside of what a table can hold. */
export const timeCell = (ms: number): bigint | undefined =>
	Math.abs(ms) <= TIME_MAX_MS ? BigInt(ms) * 1_000n : undefined;

/** The time that Kafka has of a record: -1 means that it has none. */
export const kafkaTimeCell = (timestamp: number): Cell =>
	timestamp === -1 ? null : (timeCell(timestamp) ?? null);
