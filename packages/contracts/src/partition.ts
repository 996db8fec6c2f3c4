/**
 * Kafka's default partitioner: the partition of a key. A reader uses it to check that a record is
 * in the right partition.
 *
 * The hash is murmur2 as in `org.apache.kafka.common.utils.Utils`, with Kafka's seed. librdkafka
 * calls this partitioner `murmur2_random`.
 */

const SEED = 0x9747b28c;
const M = 0x5bd1e995;
const R = 24;

/** murmur2 of the bytes, as an int32. */
function murmur2(bytes: Uint8Array): number {
	const length = bytes.length;
	const wholeWords = length & ~3;
	let h = SEED ^ length;
	for (let i = 0; i < wholeWords; i += 4) {
		let k =
			(bytes[i] as number) |
			((bytes[i + 1] as number) << 8) |
			((bytes[i + 2] as number) << 16) |
			((bytes[i + 3] as number) << 24);
		k = Math.imul(k, M);
		k = Math.imul(k ^ (k >>> R), M);
		h = Math.imul(h, M) ^ k;
	}
	if (length > wholeWords) {
		let tail = 0;
		for (let i = length - 1; i >= wholeWords; i--) {
			tail = (tail << 8) | (bytes[i] as number);
		}
		h = Math.imul(h ^ tail, M);
	}
	h = Math.imul(h ^ (h >>> 13), M);
	return h ^ (h >>> 15);
}

/**
 * The partition of a key.
 *
 * @param key the record's key; a record without a key has no fixed partition
 * @param partitions how many partitions the topic has, 1 or more
 * @returns 0 to partitions - 1
 */
export function partitionOf(key: Uint8Array, partitions: number): number {
	return (murmur2(key) & 0x7fffffff) % partitions;
}
