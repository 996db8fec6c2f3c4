/**
 * The broker's jars with their sizes and hashes, as scripts/lock-jars.ts wrote them to
 * jars.lock.json.
 */
import lock from "../jars.lock.json" with { type: "json" };

export interface LockedJar {
	/** Path relative to the Maven repository's root; also the path inside the cache. */
	path: string;
	/** Bytes. */
	size: number;
	/** Lower-case hexadecimal. */
	sha256: string;
}

export const KAFKA_VERSION: string = lock.kafkaVersion;
export const JARS: readonly LockedJar[] = lock.jars;

/** Total size in bytes. */
export const jarsSize = (jars: readonly LockedJar[]): number =>
	jars.reduce((sum, jar) => sum + jar.size, 0);
