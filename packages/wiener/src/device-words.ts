import { createHash } from "node:crypto";

/** What a DeviceID adds to the generator's counter. Computed once per device and kept, as a hash costs ten times a noise. */
export interface DeviceWords {
	/** Bytes 0 to 3 of the hash, big-endian, 0 to 2^32-1. */
	readonly hi: number;
	/** Bytes 4 to 7 of the hash, big-endian, 0 to 2^32-1. */
	readonly lo: number;
}

/**
 * The first 8 bytes of SHA-256 of the DeviceID's UTF-8.
 *
 * A cryptographic hash, so that devices with similar names, or names chosen on purpose, still get unrelated noise.
 *
 * @param deviceId a DeviceID that the tick's rules accept; a lone surrogate, which they refuse, would be hashed as U+FFFD
 */
export function deviceWords(deviceId: string): DeviceWords {
	const digest = createHash("sha256").update(deviceId, "utf8").digest();
	return { hi: digest.readUInt32BE(0), lo: digest.readUInt32BE(4) };
}
