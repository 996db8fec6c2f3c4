/**
 * Everything that can go wrong with a stage: a closed set of codes. Each code says what the owner
 * of the stage must do about it.
 */

const STREAMS_ERRORS = {
	/** Another owner of the same identity has taken over. */
	fenced: "rejoin",
	/**
	 * The outcome of a transaction is unknown, after a time-out, a broken connection or an error in
	 * between.
	 */
	"outcome-unknown": "rejoin",
	/** The group failed, or the connection to it. */
	"group-failed": "rejoin",
	/**
	 * The group has members with another protocol, which belong to another engine. The coordinator
	 * accepts our members only after those have left.
	 */
	"group-occupied": "rejoin",
	/** The broker does not allow so short a session time-out. */
	"session-timeout-refused": "rejoin",
	/**
	 * Another program runs a stage of the same name, with other topics or another configuration.
	 */
	"stage-name-taken": "stop",
	/** The consumer has not fetched for longer than the watchdog allows. */
	"consumer-silent": "rejoin",
	/** The changelog could not be read to its barrier in time. */
	"restore-timeout": "rejoin",
	/**
	 * Kafka rejected our credentials or our certificate, or we rejected the broker's certificate.
	 */
	"access-refused": "stop",
	/** A topic that another service creates does not exist yet. */
	"topic-absent": "rejoin",
	/**
	 * Kafka did not create a topic now, but may later: with more brokers, another permission, or
	 * less load.
	 */
	"topic-not-created": "rejoin",
	/**
	 * Kafka rejects a topic with the settings that we need: it does not know a setting, or a policy
	 * forbids it.
	 */
	"topic-refused": "stop",
	/** A topic has other partitions or another clean-up policy than the stage needs. */
	"topic-mismatch": "stop",
	/** The changelog was written under other partitions or another configuration. */
	"config-mismatch": "stop",
	/**
	 * The input is not the topic that the states were made from: its id differs, or the position
	 * lies past its end.
	 */
	"input-mismatch": "stop",
	/** The output or the changelog was deleted and created again while states belong to it. */
	"topic-replaced": "stop",
	/** The output has records, but the changelog has no position. */
	"output-without-position": "stop",
	/** The changelog contains a record that no engine of this stage writes. */
	"changelog-unreadable": "stop",
	/** The broadcast table is larger than every process may hold. */
	"table-too-large": "stop",
	/** A record to write is larger than its topic accepts. */
	"record-too-large": "stop",
	/** The stage's own code threw. */
	"stage-failed": "stop",
} as const;

export type StreamsErrorCode = keyof typeof STREAMS_ERRORS;

export class StreamsError extends Error {
	override name = "StreamsError";
	readonly code: StreamsErrorCode;

	constructor(code: StreamsErrorCode, message: string, options?: ErrorOptions) {
		super(message, options);
		this.code = code;
	}

	/** Whether a restart would fail in the same way. */
	get fatal(): boolean {
		return STREAMS_ERRORS[this.code] === "stop";
	}
}

/**
 * Thrown by a stage's decode or step to refuse a record. The record goes to the dead-letter topic
 * under this code, and the state stays as it was.
 */
export class DeadLetter extends Error {
	override name = "DeadLetter";
	readonly code: string;
	/**
	 * What the key's next record must have to be accepted, such as a time or a number. For people
	 * to read.
	 */
	readonly waitsFor: string | undefined;

	constructor(code: string, message: string, waitsFor?: string) {
		super(message);
		this.code = code;
		this.waitsFor = waitsFor;
	}
}
