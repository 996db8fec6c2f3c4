/** A transactional producer: one identity, one transaction after the other, of no more use after the first error. */
import type { Kafka, Message, Producer } from "kafkajs";
import { StreamsError, type StreamsErrorCode } from "../errors.ts";
import type { Appended, Outgoing, TransactionalProducer } from "../log.ts";
import { recordBytes, toMessage } from "./records.ts";

/** Bytes of one partition's records in one request: a broker takes about 1 MB in a batch. A larger record goes alone. */
const REQUEST_BYTES_MAX = 900_000;

const CODES: Readonly<Record<string, StreamsErrorCode>> = {
	PRODUCER_FENCED: "fenced",
	INVALID_PRODUCER_EPOCH: "fenced",
	INVALID_PRODUCER_ID_MAPPING: "fenced",
	MESSAGE_TOO_LARGE: "record-too-large",
	RECORD_LIST_TOO_LARGE: "record-too-large",
};

const codeOf = (error: unknown): StreamsErrorCode =>
	CODES[(error as { type?: string }).type ?? ""] ?? "outcome-unknown";

export class KafkaTransactionalProducer implements TransactionalProducer {
	readonly #id: string;
	readonly #producer: Producer;
	#connected: Promise<void> | undefined;
	#broken: unknown;

	constructor(kafka: Kafka, id: string, transactionTimeoutMs: number) {
		this.#id = id;
		this.#producer = kafka.producer({
			transactionalId: id,
			transactionTimeout: transactionTimeoutMs,
			maxInFlightRequests: 1,
			allowAutoTopicCreation: false,
			// The records name their partitions: no hash is computed.
			createPartitioner:
				() =>
				({ message }) =>
					message.partition ?? 0,
		});
	}

	async transact(records: Outgoing): Promise<readonly Appended[]> {
		if (this.#broken !== undefined)
			throw new StreamsError(
				"outcome-unknown",
				`${this.#id}: an earlier transaction failed`,
				{ cause: this.#broken },
			);
		try {
			this.#connected ??= this.#producer.connect();
			await this.#connected;
			const transaction = await this.#producer.transaction();
			const appended: Appended[] = [];
			for (const topicMessages of requests(records)) {
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
			await transaction.commit();
			return appended;
		} catch (error) {
			this.#broken = error;
			throw new StreamsError(
				codeOf(error),
				`the transaction of ${this.#id} failed: ${(error as Error).message}`,
				{ cause: error },
			);
		}
	}

	async close(): Promise<void> {
		this.#broken ??= new Error("closed");
		if (this.#connected !== undefined) await this.#producer.disconnect();
	}
}

/** The records as requests, each within the limit for every partition; the order within a partition is kept. */
function* requests(
	outgoing: Outgoing,
): Generator<{ topic: string; messages: Message[] }[]> {
	const left = new Map<string, { from: number }>();
	for (const topic of outgoing.keys()) left.set(topic, { from: 0 });
	while (left.size > 0) {
		const request: { topic: string; messages: Message[] }[] = [];
		for (const [topic, cursor] of left) {
			const records = outgoing.get(topic) ?? [];
			const bytes = new Map<number, number>();
			const messages: Message[] = [];
			for (; cursor.from < records.length; cursor.from++) {
				const record = records[cursor.from];
				if (record === undefined) break;
				const before = bytes.get(record.partition) ?? 0;
				const after = before + recordBytes(record);
				if (before > 0 && after > REQUEST_BYTES_MAX) break;
				bytes.set(record.partition, after);
				messages.push(toMessage(record));
			}
			if (messages.length > 0) request.push({ topic, messages });
			if (cursor.from >= records.length) left.delete(topic);
		}
		if (request.length > 0) yield request;
	}
}
