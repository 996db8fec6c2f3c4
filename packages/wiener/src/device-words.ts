import { createHash } from "node:crypto";

/**
 * The part of the generator's counter that comes from a DeviceID. Computed once per device and
 * kept, because a hash costs as much as ten noise values.
 */
export interface DeviceWords {
	/** Bytes 0 to 3 of the hash, big-endian, 0 to 2^32-1. */
	readonly hi: number;
	/** Bytes 4 to 7 of the hash, big-endian, 0 to 2^32-1. */
	readonly lo: number;
}

/**
 * The first 8 bytes of the SHA-256 of the DeviceID in UTF-8.
 *
 * The hash is cryptographic, so even devices with similar or deliberately chosen names get
 * unrelated noise.
 *
 * @param deviceId a valid DeviceID; a lone surrogate, which is invalid, would be hashed as U+FFFD
 */
export function deviceWords(deviceId: string): DeviceWords {
	const digest = createHash("sha256").update(deviceId, "utf8").digest();
	return { hi: digest.readUInt32BE(0), lo: digest.readUInt32BE(4) };
}
