/**
 * A transactional producer on the memory broker. It sends the same requests in the same order as
 * kafkajs, so that faults can happen between any two of them.
 */
import { StreamsError } from "../errors.ts";
import type { Appended, Outgoing, TransactionalProducer } from "../log.ts";
import type { Clock } from "../time.ts";
import type { MemoryBroker } from "./broker.ts";
import { BrokerError, isBrokerError } from "./broker-error.ts";
import type { Network, RequestName } from "./network.ts";

const CONCURRENT_RETRY_MS = 10;
const CONCURRENT_RETRIES_MAX = 500;

export class MemoryTransactionalProducer implements TransactionalProducer {
	readonly #broker: MemoryBroker;
	readonly #network: Network;
	readonly #clock: Clock;
	readonly #id: string;
	readonly #timeoutMs: number;
	#epoch: number | undefined;
	#broken: unknown;

	constructor(
		broker: MemoryBroker,
		network: Network,
		clock: Clock,
		id: string,
		timeoutMs: number,
	) {
		this.#broker = broker;
		this.#network = network;
		this.#clock = clock;
		this.#id = id;
		this.#timeoutMs = timeoutMs;
	}

	async transact(records: Outgoing): Promise<readonly Appended[]> {
		if (this.#broken !== undefined)
			throw new StreamsError(
				"outcome-unknown",
				`${this.#id}: an earlier transaction failed`,
				{ cause: this.#broken },
			);
		try {
			return await this.#transact(records);
		} catch (error) {
			this.#broken ??= error;
			throw new StreamsError(
				codeOf(error),
				`the transaction of ${this.#id} failed: ${(error as Error).message}`,
				{ cause: error },
			);
		}
	}

	async close(): Promise<void> {
		this.#broken ??= new Error("closed");
	}

	async #transact(outgoing: Outgoing): Promise<readonly Appended[]> {
		const { transactions } = this.#broker;
		const id = this.#id;
		this.#epoch ??= await this.#request("init-producer", () =>
			transactions.newHolder(id, this.#timeoutMs),
		);
		const epoch = this.#epoch;
		const parts = partsOf(outgoing);
		await this.#request("add-partitions", () =>
			transactions.addPartitions(id, epoch, parts),
		);
		const appended: Appended[] = [];
		for (const { topic, partition, records } of parts) {
			const baseOffset = await this.#request("produce", () =>
				transactions.produce(id, epoch, topic, partition, records),
			);
			appended.push({ topic, partition, baseOffset });
		}
		await this.#request("end-transaction", () =>
			transactions.end(id, epoch, "committed"),
		);
		return appended;
	}

	/**
	 * Sends a request. Retries while the previous transaction is not yet complete at all its
	 * partitions.
	 */
	async #request<T>(name: RequestName, work: () => T): Promise<T> {
		for (let tries = 0; ; tries++) {
			// Closed between two requests: the transaction stays open, and the next holder aborts
			// it.
			if (this.#broken !== undefined) throw this.#broken;
			try {
				return await this.#network.request(name, work);
			} catch (error) {
				if (
					!isBrokerError(error, "CONCURRENT_TRANSACTIONS") ||
					tries >= CONCURRENT_RETRIES_MAX
				)
					throw error;
				await this.#clock.sleep(CONCURRENT_RETRY_MS);
			}
		}
	}
}

function partsOf(outgoing: Outgoing) {
	return [...outgoing].flatMap(([topic, records]) =>
		[...Map.groupBy(records, ({ partition }) => partition)].map(
			([partition, some]) => ({ topic, partition, records: some }),
		),
	);
}

function codeOf(error: unknown) {
	if (error instanceof BrokerError) {
		if (error.type === "INVALID_PRODUCER_EPOCH") return "fenced";
		if (error.type === "MESSAGE_TOO_LARGE") return "record-too-large";
	}
	return "outcome-unknown";
}
