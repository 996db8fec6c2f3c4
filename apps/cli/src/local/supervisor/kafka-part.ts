/** The Kafka part: one run of the broker. */
import {
	type KafkaOptions,
	LocalKafkaError,
	type LocalKafkaErrorCode,
	type ProcessExit,
	startKafka,
} from "@fireworks/local-kafka";
import { UnrecoverableError } from "@fireworks/programs";
import type { ProcessRun } from "./part.ts";

/** Failures that another start cannot fix: the user must. */
const UNRECOVERABLE: readonly LocalKafkaErrorCode[] = [
	"java-missing",
	"java-unsuitable",
	"java-broken",
	"heap",
	"storage-broken",
	"storage-newer",
];

/**
 * Throws LocalKafkaError if the broker does not become ready, and UnrecoverableError if it never
 * will.
 */
export async function runKafka(
	options: Omit<KafkaOptions, "onLog" | "onSpawn" | "signal">,
	run: ProcessRun,
): Promise<ProcessExit> {
	const kafka = await startKafka({
		...options,
		onLog: run.onLine,
		onSpawn: run.onSpawn,
		signal: run.signal,
	}).catch((error: unknown) => {
		if (error instanceof LocalKafkaError && UNRECOVERABLE.includes(error.code))
			throw new UnrecoverableError(error.message, { cause: error });
		throw error;
	});
	run.onReady();
	return kafka.exited;
}
