/**
 * The Kafka record's own key as text, if it has one. The page uses it where a stream has no key in
 * its definition, and the lake stores it with each row.
 *
 * Such a key can be any bytes. UTF-8 is shown as it is, other bytes in hexadecimal: `hex:00ff`.
 * Two keys never have the same text, so a text that itself begins with `hex:` and an empty one are
 * written in hexadecimal too.
 */
import { isUtf8 } from "node:buffer";

const HEX = "hex:";

export function recordKey(key: Buffer | null): string | null {
	if (key === null) return null;
	const text = isUtf8(key) ? key.toString("utf8") : HEX;
	return text === "" || text.startsWith(HEX)
		? `${HEX}${key.toString("hex")}`
		: text;
}
