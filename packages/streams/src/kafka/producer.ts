/**
 * A transactional producer: one identity, one transaction after the other, unusable after the first
 * error.
 */
import type { Kafka, Message, Producer } from "kafkajs";
import { StreamsError, type StreamsErrorCode } from "../errors.ts";
import type {
	Appended,
	Outgoing,
	OutgoingRecord,
	TransactionalProducer,
} from "../log.ts";
import { recordBytes } from "./records.ts";
import type { ToStreamsError } from "./security/access-refused.ts";

/**
 * Limit for the records of one partition in one request, as recordBytes counts them. A broker
 * accepts about 1 MB in a batch, and a text may take three times as many bytes as it has UTF-16
 * units. A larger record is sent alone.
 */
const REQUEST_BYTES_MAX = 330_000;

const CODES: Readonly<Record<string, StreamsErrorCode>> = {
	PRODUCER_FENCED: "fenced",
	INVALID_PRODUCER_EPOCH: "fenced",
	INVALID_PRODUCER_ID_MAPPING: "fenced",
	// A broker's response to the end of a transaction when it is just about to raise the epoch.
	UNKNOWN: "fenced",
	MESSAGE_TOO_LARGE: "record-too-large",
	RECORD_LIST_TOO_LARGE: "record-too-large",
};

const codeOf = (error: unknown): StreamsErrorCode =>
	CODES[(error as { type?: string }).type ?? ""] ?? "outcome-unknown";

/**
 * The broker aborts a transaction at its time-out. An outcome that is still unknown this long after
 * that time-out stays unknown.
 */
const BEYOND_TIMEOUT_MS = 2_000;

export class KafkaTransactionalProducer implements TransactionalProducer {
	readonly #id: string;
	readonly #failure: ToStreamsError;
	readonly #producer: Producer;
	readonly #transactMaxMs: number;
	#connected: Promise<void> | undefined;
	#broken: unknown;

	constructor(
		kafka: Kafka,
		failure: ToStreamsError,
		id: string,
		transactionTimeoutMs: number,
	) {
		this.#id = id;
		this.#failure = failure;
		this.#transactMaxMs = transactionTimeoutMs + BEYOND_TIMEOUT_MS;
		this.#producer = kafka.producer({
			transactionalId: id,
			transactionTimeout: transactionTimeoutMs,
			maxInFlightRequests: 1,
			// CONCURRENT_TRANSACTIONS comes after back-to-back transactions and ends after a few
			// milliseconds.
			retry: {
				initialRetryTime: 4,
				multiplier: 2,
				maxRetryTime: 500,
				retries: 12,
			},
			allowAutoTopicCreation: false,
			// The records name their partitions, so no hash is needed.
			createPartitioner:
				() =>
				({ message }) =>
					message.partition ?? 0,
		});
	}

	async transact(records: Outgoing): Promise<readonly Appended[]> {
		this.#throwIfBroken();
		const deadline = Promise.withResolvers<never>();
		const timer = setTimeout(
			() =>
				deadline.reject(new Error(`no end within ${this.#transactMaxMs} ms`)),
			this.#transactMaxMs,
		);
		try {
			return await Promise.race([this.#transact(records), deadline.promise]);
		} catch (error) {
			this.#broken ??= error;
			throw this.#failure(
				error,
				codeOf(error),
				`the transaction of ${this.#id} failed`,
			);
		} finally {
			clearTimeout(timer);
		}
	}

	/**
	 * Checks between its steps whether the producer was given up. A late step must not fence a
	 * later owner, nor commit.
	 */
	async #transact(records: Outgoing): Promise<readonly Appended[]> {
		this.#connected ??= this.#producer.connect();
		await this.#connected;
		this.#throwIfBroken();
		const transaction = await this.#producer.transaction();
		const appended: Appended[] = [];
		for (const topicMessages of requests(records)) {
			this.#throwIfBroken();
			for (const m of await transaction.sendBatch({
				acks: -1,
				topicMessages,
			})) {
				appended.push({
					topic: m.topicName,
					partition: m.partition,
					baseOffset: Number(m.baseOffset),
				});
			}
		}
		this.#throwIfBroken();
		await transaction.commit();
		return appended;
	}

	#throwIfBroken(): void {
		if (this.#broken === undefined) return;
		throw new StreamsError(
			"outcome-unknown",
			`${this.#id}: an earlier transaction failed`,
			{ cause: this.#broken },
		);
	}

	async close(): Promise<void> {
		this.#broken ??= new Error("closed");
		if (this.#connected !== undefined) await this.#producer.disconnect();
	}
}

type TopicMessages = { topic: string; messages: Message[] };

/**
 * Splits the records into requests, each within the limit for every partition. The order within a
 * partition is kept.
 */
function* requests(outgoing: Outgoing): Generator<TopicMessages[]> {
	const queues = [...outgoing].map(([topic, records]) => ({
		topic,
		pages: pages(records),
	}));
	for (;;) {
		const request: TopicMessages[] = [];
		for (const { topic, pages } of queues) {
			const page = pages.next();
			if (!page.done) request.push({ topic, messages: page.value });
		}
		if (request.length === 0) return;
		yield request;
	}
}

/**
 * Splits a topic's records where a partition's share would be too large for one batch. Our patch of
 * kafkajs accepts records as they are.
 */
function* pages(records: readonly OutgoingRecord[]): Generator<Message[]> {
	let from = 0;
	let bytes = new Map<number, number>();
	for (let i = 0; i < records.length; i++) {
		const record = records[i] as OutgoingRecord;
		const size = recordBytes(record);
		const before = bytes.get(record.partition) ?? 0;
		if (before > 0 && before + size > REQUEST_BYTES_MAX) {
			yield records.slice(from, i) as unknown as Message[];
			from = i;
			bytes = new Map([[record.partition, size]]);
		} else bytes.set(record.partition, before + size);
	}
	if (from < records.length) yield records.slice(from) as unknown as Message[];
}
