/**
 * The partition of a key that is text, as Kafka's default partitioner chooses it. Most keys are
 * short ASCII texts: they are hashed without an allocation, because this runs for every output.
 */
import { partitionOf } from "@fireworks/contracts";

const CHARACTERS_MAX = 256;
const scratch = new Uint8Array(CHARACTERS_MAX);
/** The first n bytes of the scratch, at index n. */
const views: Uint8Array[] = [];

export function partitionOfKey(
	key: Buffer | string,
	partitions: number,
): number {
	if (typeof key !== "string") return partitionOf(key, partitions);
	const { length } = key;
	if (length > CHARACTERS_MAX) return partitionOf(Buffer.from(key), partitions);
	for (let i = 0; i < length; i++) {
		const code = key.charCodeAt(i);
		if (code > 127) return partitionOf(Buffer.from(key), partitions);
		scratch[i] = code;
	}
	const view = views[length] ?? scratch.subarray(0, length);
	views[length] = view;
	return partitionOf(view, partitions);
}
