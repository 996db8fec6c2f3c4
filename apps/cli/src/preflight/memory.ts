/**
 * Checks that there is memory for Kafka and five Node processes. Otherwise the system kills one of
 * them at random.
 */
import { freemem, totalmem } from "node:os";
import { type Finding, ok, problem, warning } from "./finding.ts";

const MB = 1_048_576;

/**
 * Measured: Kafka with its default heap takes 250 MB to 500 MB, all Node processes together 400 MB.
 */
const BYTES_GOOD = 1_200_000_000;

export function judgeMemory(bytesFree: number): Finding {
	const message = `${(bytesFree / 1e6).toFixed(0)} MB available`;
	return bytesFree < BYTES_GOOD
		? warning(
				"memory",
				`only ${message}`,
				"Close other programs, or give Kafka less: FIREWORKS_KAFKA_HEAP_MB=256",
			)
		: ok("memory", message);
}

/** On Linux, freemem() is MemAvailable: the memory available without swapping. */
export const checkMemory = (): Finding => judgeMemory(freemem());

/**
 * Reports a heap that is too large for this machine: Java would not start, or the system would kill
 * it later.
 */
export function checkHeap(
	heapMb: number,
	bytesTotal: number = totalMemory(),
): Finding[] {
	if (heapMb * MB <= bytesTotal) return [];
	return [
		problem(
			"memory",
			`a heap of ${heapMb} MB for Kafka is more than the memory of this machine (${Math.round(bytesTotal / MB)} MB)`,
			"Set FIREWORKS_KAFKA_HEAP_MB to less; the default is 384",
		),
	];
}

/** In a container, the container's limit counts. */
function totalMemory(): number {
	const limit = process.constrainedMemory();
	return limit > 0 ? Math.min(limit, totalmem()) : totalmem();
}
