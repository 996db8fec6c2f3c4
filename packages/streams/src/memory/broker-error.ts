/** The error with which the memory log's broker rejects a request; the names are Kafka's. */

export type BrokerErrorType =
	| "CONCURRENT_TRANSACTIONS"
	| "INVALID_PRODUCER_EPOCH"
	| "INVALID_RECORD"
	| "MESSAGE_TOO_LARGE"
	| "REBALANCE_IN_PROGRESS"
	| "UNKNOWN_MEMBER_ID"
	| "UNKNOWN_TOPIC_OR_PARTITION";

export class BrokerError extends Error {
	override name = "BrokerError";
	readonly type: BrokerErrorType;

	constructor(type: BrokerErrorType, message: string) {
		super(`${type}: ${message}`);
		this.type = type;
	}
}

export const isBrokerError = (error: unknown, type: BrokerErrorType): boolean =>
	error instanceof BrokerError && error.type === type;
