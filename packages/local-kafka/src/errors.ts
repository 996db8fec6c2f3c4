/** What can go wrong with the local Kafka: a closed set of codes, each message saying what to do about it. */

export type LocalKafkaErrorCode =
	/** No Java was found. */
	| "java-missing"
	/** Only a Java older than JAVA_VERSION_MIN was found. */
	| "java-too-old"
	/** A jar could not be fetched: the network, the server, or the deadline. */
	| "download-failed"
	/** A fetched jar is not the one of the lock file, time after time. */
	| "jar-corrupt"
	/** The data folder is not what a Kafka of ours left behind. */
	| "storage-broken"
	/** The data folder was last written by a newer Kafka. */
	| "storage-newer"
	/** Kafka's own format command failed. */
	| "format-failed"
	/** Another process listens on the port. */
	| "port-taken"
	/** Another broker works on the data folder. */
	| "storage-locked"
	/** The broker ended before it was ready. */
	| "start-failed"
	/** The broker runs but did not become ready in time. */
	| "start-timeout"
	/** The caller's signal was aborted. */
	| "aborted";

export class LocalKafkaError extends Error {
	override name = "LocalKafkaError";
	readonly code: LocalKafkaErrorCode;

	constructor(
		code: LocalKafkaErrorCode,
		message: string,
		options?: ErrorOptions,
	) {
		super(message, options);
		this.code = code;
	}
}

/** The text of anything that was thrown, with its cause: fetch hides the reason (ECONNREFUSED) there. */
export function reasonOf(error: unknown): string {
	if (!(error instanceof Error)) return String(error);
	const { cause } = error;
	return cause instanceof Error
		? `${error.message}: ${cause.message || cause.name}`
		: error.message;
}
