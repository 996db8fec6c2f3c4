/** Errors of the local Kafka: a closed set of codes. Each message says what to do. */

export type LocalKafkaErrorCode =
	/** No Java was found. */
	| "java-missing"
	/** Every Java that was found is too old, or too new. */
	| "java-unsuitable"
	/** A Java was found, but it does not even report its version. */
	| "java-broken"
	/** The cache cannot be written, is unsafe, or has no location. */
	| "cache-unusable"
	/** A jar could not be fetched: the network, the server, or the deadline. */
	| "download-failed"
	/** A fetched jar repeatedly differs from the lock file. */
	| "jar-corrupt"
	/** The data folder is not in the state that our Kafka leaves behind. */
	| "storage-broken"
	/** The data folder was last written by a newer Kafka. */
	| "storage-newer"
	/** Java cannot have the configured heap, or Kafka needs more. */
	| "heap"
	/** Kafka's own format command failed. */
	| "format-failed"
	/** Another process listens on the port. */
	| "port-taken"
	/** Another broker uses the data folder. */
	| "storage-locked"
	/** The broker exited before it was ready. */
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

const CAUSES_MAX = 5;

/** The text of any thrown value with its causes: fetch puts the reason (ECONNREFUSED) there. */
export function reasonOf(error: unknown): string {
	const texts: string[] = [];
	let next = error;
	while (next instanceof Error && texts.length < CAUSES_MAX) {
		const text = next.message || next.name;
		if (!texts.includes(text)) texts.push(text);
		next = next instanceof AggregateError ? next.errors[0] : next.cause;
	}
	return texts.length > 0 ? texts.join(": ") : String(error);
}
