/** Bytes and times of records as text that is safe to print on a terminal. */
import { isUtf8 } from "node:buffer";

/**
 * Control characters, and characters that change the direction of text. A terminal would obey them,
 * and a record could hide what it holds.
 */
const UNSAFE =
	/[\p{Cc}\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ufeff]/gu;
const NAMED: Readonly<Record<string, string>> = {
	"\n": "\\n",
	"\r": "\\r",
	"\t": "\\t",
};

/** Unsafe characters are written as \n, \r, \t or \u001b. */
export const safe = (text: string): string =>
	text.replace(
		UNSAFE,
		(one) =>
			NAMED[one] ??
			`\\u${(one.codePointAt(0) as number).toString(16).padStart(4, "0")}`,
	);

/** As `safe`, and cut to so many characters, with the whole size. */
export function cutText(text: string, max: number): string {
	if (text.length <= max) return safe(text);
	const head = [...text.slice(0, max + 1)].slice(0, -1).join("");
	return `${safe(head)}… (${text.length} characters)`;
}

/** UTF-8 as text, other bytes in hexadecimal digits. */
export function bytesText(bytes: Buffer | null, max: number): string {
	if (bytes === null) return "(null)";
	if (bytes.length === 0) return "(empty)";
	if (isUtf8(bytes)) return cutText(bytes.toString("utf8"), max);
	const shown = bytes.subarray(0, Math.floor(max / 2));
	return `0x${shown.toString("hex")}${shown.length < bytes.length ? `… (${bytes.length} bytes)` : ""}`;
}

/** For JSON: UTF-8 as text, other bytes in base64. */
export const bytesJson = (
	bytes: Buffer | null,
): string | { base64: string } | null => {
	if (bytes === null) return null;
	return isUtf8(bytes)
		? bytes.toString("utf8")
		: { base64: bytes.toString("base64") };
};

const TIME_MAX = 8.64e15;

/** ISO 8601 in UTC; a number that no date can hold stays a number. */
export const timeText = (ms: number): string =>
	Math.abs(ms) <= TIME_MAX ? new Date(ms).toISOString() : String(ms);

const DURATIONS: readonly (readonly [string, number])[] = [
	["d", 86_400_000],
	["h", 3_600_000],
	["m", 60_000],
	["s", 1_000],
];

/** As in a stream's definition: 7d, 90s; null: forever. */
export function durationText(ms: number | null): string {
	if (ms === null) return "forever";
	const [unit, size] = DURATIONS.find(([, size]) => ms % size === 0) ?? [
		"ms",
		1,
	];
	return `${ms / size}${unit}`;
}
