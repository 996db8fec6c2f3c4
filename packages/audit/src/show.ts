/** Formats values for findings: exact, and never long. */

const TEXT_CHARACTERS_MAX = 200;
const scratch = new DataView(new ArrayBuffer(8));

/**
 * A double with its 64 bits in hex, because two different doubles may look nearly the same as text.
 */
export function showDouble(x: number): string {
	scratch.setFloat64(0, x);
	return `${x} (${scratch.getBigUint64(0).toString(16).padStart(16, "0")})`;
}

/** Shortens a long text by cutting out its middle. */
export function shorten(text: string): string {
	if (text.length <= TEXT_CHARACTERS_MAX) return text;
	const half = TEXT_CHARACTERS_MAX / 2;
	return `${text.slice(0, half)}...${text.slice(-half)}`;
}

/** A text in quotes, with invisible characters escaped. */
export const showText = (text: string): string => JSON.stringify(shorten(text));
