/** A refused record of `metronome`, in the form in which its dead letter is compared with it. */
import { createHash } from "node:crypto";
import type { LogRecord } from "./types.ts";

/**
 * Stands for bytes that are compared later: their length and SHA-256. A refused record may be a
 * megabyte long, and keeping its buffer would keep the whole fetch that it is a slice of.
 */
export type Fingerprint = string;

export function fingerprint(bytes: Buffer | null): Fingerprint {
	if (bytes === null) return "null";
	const hash = createHash("sha256").update(bytes).digest("hex");
	return `${bytes.length} bytes, sha256 ${hash}`;
}

export interface DeadLetterSource {
	/** Offset in `metronome`. */
	readonly offset: number;
	readonly key: Fingerprint;
	readonly value: Fingerprint;
	/** null if the record is not a valid tick. */
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
