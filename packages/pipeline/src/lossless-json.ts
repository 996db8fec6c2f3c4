/**
 * JSON without silent rounding. `JSON.parse` turns 9007199254740993 into 9007199254740992, so two
 * devices with 64-bit ids become one. Here such an integer becomes a BigInt.
 */

/** Only an integer of 16 digits or more can lie beyond 2^53. */
const LONG_INTEGER = /\d{16}/;
const INTEGER = /^-?\d+$/;

/** Like JSON.parse, and throws like it. */
export function parseLossless(text: string): unknown {
	if (!LONG_INTEGER.test(text)) return JSON.parse(text);
	return (JSON.parse as ParseWithSource)(text, (_key, value, { source }) =>
		typeof value === "number" &&
		!Number.isSafeInteger(value) &&
		source !== undefined &&
		INTEGER.test(source)
			? BigInt(source)
			: value,
	);
}

/** Like JSON.stringify, and writes a BigInt as a number with all its digits. */
export const stringifyLossless = (value: unknown): string =>
	JSON.stringify(value, (_key, one) =>
		typeof one === "bigint" ? RawJson.rawJSON(String(one)) : one,
	);

// TypeScript's library does not describe these parts of ECMAScript yet.
type ParseWithSource = (
	text: string,
	reviver: (
		key: string,
		value: unknown,
		context: { source?: string },
	) => unknown,
) => unknown;
const RawJson = JSON as unknown as { rawJSON(text: string): unknown };
