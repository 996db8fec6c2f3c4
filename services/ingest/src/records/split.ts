/**
 * Splits a body into the texts of its records. Nothing is parsed and written again: what goes to
 * Kafka are the client's own bytes, so numbers keep all their digits.
 */

const SPACE = new Set([0x20, 0x09, 0x0a, 0x0d]);
const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);
const [QUOTE, BACKSLASH, COMMA] = [0x22, 0x5c, 0x2c];
const [BRACE, BRACE_END, BRACKET, BRACKET_END] = [0x7b, 0x7d, 0x5b, 0x5d];
const LINE_FEED = 0x0a;

export interface RecordText {
	/** NDJSON: the line. JSON: the number of the record. Both count from 1. */
	readonly line: number;
	readonly bytes: Buffer;
}

/** The body is not a JSON object or array. */
export class NotJson extends Error {
	override readonly name = "NotJson";
}

/** The lines that are not empty. */
export function* ndjsonTexts(body: Buffer): Generator<RecordText> {
	const bytes = withoutMark(body);
	let from = 0;
	for (let line = 1; from < bytes.length; line++) {
		const end = bytes.indexOf(LINE_FEED, from);
		const one = trimmed(bytes, from, end < 0 ? bytes.length : end);
		if (one.length > 0) yield { line, bytes: one };
		if (end < 0) return;
		from = end + 1;
	}
}

/**
 * The whole object, or the elements of the array. They may turn out not to be JSON when they are
 * parsed; the whole is JSON if all of them are. Throws NotJson.
 */
export function* jsonTexts(body: Buffer): Generator<RecordText> {
	const bytes = withoutMark(body);
	const whole = trimmed(bytes, 0, bytes.length);
	if (whole[0] === BRACE) {
		yield { line: 1, bytes: whole };
		return;
	}
	if (whole[0] !== BRACKET)
		throw new NotJson("the body is not a JSON object or an array of objects");
	let line = 1;
	let from = 1;
	let depth = 0;
	let inText = false;
	for (let at = 1; at < whole.length; at++) {
		const byte = whole[at];
		if (inText) {
			if (byte === BACKSLASH) at++;
			else if (byte === QUOTE) inText = false;
		} else if (byte === QUOTE) inText = true;
		else if (byte === BRACE || byte === BRACKET) depth++;
		else if (byte === BRACE_END) depth--;
		else if (byte === COMMA && depth === 0) {
			yield { line, bytes: trimmed(whole, from, at) };
			line++;
			from = at + 1;
		} else if (byte === BRACKET_END && depth-- === 0) {
			const last = trimmed(whole, from, at);
			if (at !== whole.length - 1)
				throw new NotJson("the body goes on after the end of its array");
			if (last.length > 0 || line > 1) yield { line, bytes: last };
			return;
		}
	}
	throw new NotJson("the body's array has no end");
}

const withoutMark = (body: Buffer): Buffer =>
	body.subarray(0, 3).equals(BYTE_ORDER_MARK) ? body.subarray(3) : body;

function trimmed(bytes: Buffer, from: number, to: number): Buffer {
	let [start, end] = [from, to];
	while (start < end && SPACE.has(bytes[start] as number)) start++;
	while (end > start && SPACE.has(bytes[end - 1] as number)) end--;
	return bytes.subarray(start, end);
}
