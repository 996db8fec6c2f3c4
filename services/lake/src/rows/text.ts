/** Any bytes as a text of bounded length: UTF-8 as it is, other bytes as `base64:...`. */
import { isUtf8 } from "node:buffer";
import { REFUSED_BYTES_MAX } from "../limits.ts";

const BASE64 = "base64:";
/** Says that bytes are missing at the end, and how many there were. */
const cut = (bytes: number) => `… (${bytes} bytes)`;

export function boundedText(
	bytes: Buffer | null,
	bytesMax = REFUSED_BYTES_MAX,
): string | null {
	if (bytes === null) return null;
	const rest = bytes.length > bytesMax ? cut(bytes.length) : "";
	const kept = bytes.subarray(0, bytesMax);
	// A character at the cut may be incomplete.
	const whole = rest === "" ? kept : kept.subarray(0, lastWhole(kept));
	return (
		(isUtf8(whole)
			? whole.toString("utf8")
			: `${BASE64}${kept.toString("base64")}`) + rest
	);
}

/** The end of the last complete UTF-8 character. */
function lastWhole(bytes: Buffer): number {
	for (let at = bytes.length - 1; at >= 0 && at >= bytes.length - 4; at--) {
		const byte = bytes[at] as number;
		if ((byte & 0xc0) === 0x80) continue;
		const length = byte < 0x80 ? 1 : byte < 0xe0 ? 2 : byte < 0xf0 ? 3 : 4;
		return at + length <= bytes.length ? bytes.length : at;
	}
	return bytes.length;
}
