/** What a column of texts holds: numbers, times, truth values, or just text. */
import { dateOrderOf, ORDERED_DATE, type TextTime } from "./text-time.ts";

export type TextType =
	| { readonly kind: "text" }
	| { readonly kind: "boolean" }
	| { readonly kind: "number"; readonly decimal: "." | "," }
	/** Integers of which some lie beyond 2^53. */
	| { readonly kind: "int64" }
	| { readonly kind: "time"; readonly format: TextTime }
	/** The time of a day. Together with a column of dates it makes a time. */
	| { readonly kind: "clock" };

export interface InferredText {
	readonly type: TextType;
	/** Values of the sample that are there, and those of them that do not fit the type. */
	readonly present: number;
	readonly unfit: number;
	/** A value that occurs again and again at the edge of the others, such as -200. */
	readonly suspicious: string | undefined;
}

/** Texts that mean that there is no value, in columns that are not text. */
export const MISSING = new Set([
	...["", "NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "None", "-", "--"],
]);

const INTEGER = /^[+-]?(?:0|[1-9]\d*)$/;
const POINT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const COMMA = /^[+-]?(?:\d+,?\d*|,\d+)(?:[eE][+-]?\d+)?$/;
const THOUSANDS = /^[+-]?\d{1,3}(?:,\d{3})+$/;
const LEADING_ZERO = /^[+-]?0\d/;
const BOOLEAN = /^(?:true|false)$/i;
const CLOCK = /^\d{1,2}[:.]\d\d(?:[:.]\d\d(?:[.,]\d+)?)?$/;
const ISO_DATE = /^\d{4}-\d\d-\d\d(?:[Tt ]\d\d|$)|^\d{8}T\d{4}/;

/** A type is taken if at least this share of the values fits. The others are refused. */
const FITS = 0.8;

export interface TextHints {
	readonly decimal?: "." | "," | undefined;
	readonly missing: ReadonlySet<string>;
}

export function inferText(
	values: readonly unknown[],
	{ decimal, missing }: TextHints,
): InferredText {
	const present = values.flatMap((value) => {
		if (value === null || value === undefined) return [];
		const text = String(value).trim();
		return MISSING.has(text) || missing.has(text) ? [] : [text];
	});
	const count = (pattern: RegExp) =>
		present.reduce((sum, text) => sum + (pattern.test(text) ? 1 : 0), 0);
	const made = (type: TextType, fit: number): InferredText => ({
		type,
		present: present.length,
		unfit: present.length - fit,
		suspicious: undefined,
	});
	const enough = (fit: number) =>
		present.length > 0 && fit >= FITS * present.length;
	const text = made({ kind: "text" }, present.length);

	const booleans = count(BOOLEAN);
	if (enough(booleans)) return made({ kind: "boolean" }, booleans);
	// 007 is a name: as a number it would lose its zeros.
	if (!enough(present.length - count(LEADING_ZERO)) && enough(count(POINT)))
		return text;
	const integers = count(INTEGER);
	if (enough(integers)) {
		const big = present.some(
			(one) => INTEGER.test(one) && !Number.isSafeInteger(Number(one)),
		);
		if (big) return made({ kind: "int64" }, integers);
	}
	const points = count(POINT);
	const commas = count(COMMA);
	// 1,234 can be a thousand or one and a bit: not a number unless it is said.
	const decimalComma = present.some(
		(one) => COMMA.test(one) && one.includes(",") && !THOUSANDS.test(one),
	);
	const sign =
		decimal ?? (commas > points && decimalComma ? "," : ("." as const));
	const fit = sign === "," ? commas : points;
	if (enough(fit))
		return {
			...made({ kind: "number", decimal: sign }, fit),
			suspicious: sentinelIn(present, sign),
		};
	const iso = count(ISO_DATE);
	if (enough(iso)) return made({ kind: "time", format: { kind: "iso" } }, iso);
	const ordered = count(ORDERED_DATE);
	if (enough(ordered))
		return made(
			{
				kind: "time",
				format: { kind: "ordered", order: dateOrderOf(present) },
			},
			ordered,
		);
	const clocks = count(CLOCK);
	return enough(clocks) ? made({ kind: "clock" }, clocks) : text;
}

/** Values that instruments write where they have none. */
const SENTINELS = new Set(
	[99, 999, 9_999, 99_999, 200, 1_000].flatMap((n) => [n, -n]),
);

function sentinelIn(
	texts: readonly string[],
	decimal: "." | ",",
): string | undefined {
	const numbers = texts.map((t) =>
		Number(decimal === "," ? t.replace(",", ".") : t),
	);
	let least = Number.POSITIVE_INFINITY;
	let most = Number.NEGATIVE_INFINITY;
	for (const n of numbers) {
		if (n < least) least = n;
		if (n > most) most = n;
	}
	for (const edge of [least, most]) {
		if (!SENTINELS.has(edge)) continue;
		const at = numbers.flatMap((n, i) => (n === edge ? [i] : []));
		const others = numbers.filter((n) => n !== edge && Number.isFinite(n));
		if (at.length < 2 || others.length === 0) continue;
		const low = others.reduce((a, b) => Math.min(a, b));
		const high = others.reduce((a, b) => Math.max(a, b));
		const far = edge < low ? low - edge : edge - high;
		// Far outside of all others: not just the least of many.
		if (far > high - low) return texts[at[0] as number];
	}
	return undefined;
}
