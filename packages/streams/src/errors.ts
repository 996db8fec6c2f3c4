/** What can go wrong with a stage: a closed set of codes, and for each what its owner does about it. */

export const STREAMS_ERRORS = {
	/** Another owner of the same identity took over. */
	fenced: "rejoin",
	/** A transaction's end is not known: time-out, broken connection, an error in between. */
	"outcome-unknown": "rejoin",
	/** The group, or the connection to it, failed. */
	"group-failed": "rejoin",
	/** The group has members of another protocol, which are another engine's: it takes no one of ours before they have left. */
	"group-occupied": "rejoin",
	/** The consumer has not fetched for longer than the watchdog allows. */
	"consumer-silent": "rejoin",
	/** The changelog could not be read to its barrier in time. */
	"restore-timeout": "rejoin",
	/** Kafka does not let us in: its user, token or certificate, or ours, does not hold. */
	"access-refused": "stop",
	/** A topic has other partitions or clean-up than the stage needs. */
	"topic-mismatch": "stop",
	/** The changelog was written under other partitions or another configuration. */
	"config-mismatch": "stop",
	/** The changelog's position lies past the input's end: it is another input. */
	"input-mismatch": "stop",
	/** The output has records, but the changelog has no position. */
	"output-without-position": "stop",
	/** The changelog holds what no engine of this stage writes. */
	"changelog-unreadable": "stop",
	/** A record to write is larger than its topic takes. */
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

	/** Whether a restart would meet the same again. */
	get fatal(): boolean {
		return STREAMS_ERRORS[this.code] === "stop";
	}
}

/** Thrown by a stage's decode or step: the record goes to the dead-letter topic under this code, the state stays as it was. */
export class DeadLetter extends Error {
	override name = "DeadLetter";
	readonly code: string;

	constructor(code: string, message: string) {
		super(message);
		this.code = code;
	}
}
