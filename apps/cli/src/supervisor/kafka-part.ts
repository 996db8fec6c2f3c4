/** The part that is Kafka: one life of the broker. */
import {
	type KafkaOptions,
	LocalKafkaError,
	type LocalKafkaErrorCode,
	type ProcessExit,
	startKafka,
} from "@fireworks/local-kafka";
import { HopelessError, type Life } from "./part.ts";

/** What another start does not mend: a person must. */
const HOPELESS: readonly LocalKafkaErrorCode[] = [
	"java-missing",
	"java-too-old",
	"storage-broken",
	"storage-newer",
];

/** Throws LocalKafkaError where it does not become ready, HopelessError where it never will. */
export async function launchKafka(
	options: Omit<KafkaOptions, "onLog" | "onSpawn" | "signal">,
	life: Life,
): Promise<ProcessExit> {
	const kafka = await startKafka({
		...options,
		onLog: life.onLine,
		onSpawn: life.onSpawn,
		signal: life.signal,
	}).catch((error: unknown) => {
		if (error instanceof LocalKafkaError && HOPELESS.includes(error.code))
			throw new HopelessError(error.message, { cause: error });
		throw error;
	});
	life.onReady();
	return kafka.exited;
}
