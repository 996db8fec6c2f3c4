/** A real Apache Kafka as a child process, for machines without Docker. */

export { brokerLayout } from "./broker-layout.ts";
export {
	corruptJars,
	type FaultyJar,
	incompleteJars,
	type JarFault,
	kafkaCacheDir,
} from "./cache.ts";
export { cacheRoot, refuseUnsafeCache } from "./cache-folder.ts";
export {
	DEFAULT_MAVEN_URL,
	type EnsureJarsOptions,
	ensureJars,
	type JarProgress,
} from "./ensure-jars.ts";
export {
	LocalKafkaError,
	type LocalKafkaErrorCode,
	reasonOf,
} from "./errors.ts";
export { freePort, tryPort } from "./free-port.ts";
export { JARS, jarsSize, KAFKA_VERSION, type LockedJar } from "./jar-lock.ts";
export {
	findJava,
	JAVA_OPTION_VARIABLES,
	JAVA_VERSION_MIN,
	type Java,
	type JavaNeed,
} from "./java.ts";
export { askMetadata } from "./probe.ts";
export {
	type KafkaOptions,
	type LocalKafka,
	type ProcessExit,
	startKafka,
} from "./start-kafka.ts";
export { inspectStorage } from "./storage.ts";
