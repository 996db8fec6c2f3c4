/** A refused record of `metronome`, as its dead letter is compared with it. */
import { createHash } from "node:crypto";
import type { LogRecord } from "./types.ts";

/**
 * Bytes to compare later: their length and SHA-256. A refused record may be as large as a megabyte, and its buffer is a slice of a
 * whole fetch, which keeping it would keep.
 */
export type Fingerprint = string;

export function fingerprint(bytes: Buffer | null): Fingerprint {
	if (bytes === null) return "null";
	const hash = createHash("sha256").update(bytes).digest("hex");
	return `${bytes.length} bytes, sha256 ${hash}`;
}

export interface DeadLetterSource {
	/** In `metronome`. */
	readonly offset: number;
	readonly key: Fingerprint;
	readonly value: Fingerprint;
	/** null where the record is no tick. */
	readonly deviceId: string | null;
	readonly seq: number | null;
}

export function deadLetterSource(
	{ offset, key, value }: LogRecord,
	tick?: { readonly deviceId: string; readonly seq: number },
): DeadLetterSource {
	return {
		offset,
		key: fingerprint(key),
		value: fingerprint(value),
		deviceId: tick?.deviceId ?? null,
		seq: tick?.seq ?? null,
	};
}
