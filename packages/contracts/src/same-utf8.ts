/**
 * Whether bytes are exactly the UTF-8 of a text, without decoding or encoding either.
 *
 * Decoding the bytes and comparing texts would be wrong: invalid UTF-8 decodes to U+FFFD, which a
 * DeviceID may contain.
 *
 * @param bytes any bytes
 * @param text a well-formed string: no lone surrogates
 */
export function sameUtf8(bytes: Uint8Array, text: string): boolean {
	const length = bytes.length;
	let at = 0;
	for (let i = 0; i < text.length; i++) {
		const code = text.codePointAt(i) as number;
		if (code < 0x80) {
			if (bytes[at++] !== code) return false;
			continue;
		}
		if (code < 0x800) {
			if (bytes[at++] !== (0xc0 | (code >> 6))) return false;
		} else if (code < 0x10000) {
			if (bytes[at++] !== (0xe0 | (code >> 12))) return false;
			if (bytes[at++] !== (0x80 | ((code >> 6) & 0x3f))) return false;
		} else {
			i++; // The low surrogate belongs to the same code point.
			if (bytes[at++] !== (0xf0 | (code >> 18))) return false;
			if (bytes[at++] !== (0x80 | ((code >> 12) & 0x3f))) return false;
			if (bytes[at++] !== (0x80 | ((code >> 6) & 0x3f))) return false;
		}
		if (bytes[at++] !== (0x80 | (code & 0x3f))) return false;
	}
	return at === length;
}
