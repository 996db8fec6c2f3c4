/** JSON with integers of 64 bits, as Iceberg's ids are: JavaScript's numbers would round them. */

/** Always read as bigint, so that two of them can be compared. */
const ID_KEYS = new Set([
	"snapshot-id",
	"parent-snapshot-id",
	"current-snapshot-id",
	"sequence-number",
	"last-sequence-number",
]);

type Reviver = (
	key: string,
	value: unknown,
	context: { source?: string },
) => unknown;
type Parse = (text: string, reviver: Reviver) => unknown;

// TypeScript's library does not know these yet.
const parse = JSON.parse as Parse;
const { rawJSON } = JSON as unknown as { rawJSON(text: string): unknown };

export const parseJson = (text: string): unknown =>
	parse(text, (key, value, { source }) => {
		if (typeof value !== "number" || !Number.isInteger(value)) return value;
		if (!ID_KEYS.has(key) && Number.isSafeInteger(value)) return value;
		// An integer as 1e3 or 1.0 has a source that BigInt does not take.
		return BigInt(/^-?\d+$/.test(source ?? "") ? (source ?? 0) : value);
	});

export const stringifyJson = (value: unknown): string =>
	JSON.stringify(value, (_, item) =>
		typeof item === "bigint" ? rawJSON(String(item)) : item,
	);
