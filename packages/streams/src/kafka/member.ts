/**
 * A group member on kafkajs's consumer. docs/how-it-works/kafkajs.md says what it takes to make
 * kafkajs keep the port's promises.
 */
import type { Consumer, EachBatchPayload, Kafka } from "kafkajs";
import { StreamsError } from "../errors.ts";
import type {
	GroupBatch,
	GroupHandlers,
	GroupMember,
	GroupOptions,
} from "../log.ts";
import { copartitionedAssigner } from "./assigner.ts";
import { FirstJoin } from "./first-join.ts";
import { toLogRecord } from "./records.ts";
import type { ToStreamsError } from "./security/access-refused.ts";

/**
 * How long the broker holds a fetch that finds nothing. A resumed partition may wait this long for
 * its first fetch.
 */
const MAX_WAIT_MS = 100;
const REBALANCE_TIMEOUT_MS = 15_000;

export class KafkaGroupMember implements GroupMember {
	readonly #consumer: Consumer;
	readonly #firstJoin: FirstJoin;
	readonly #failure: ToStreamsError;
	readonly #options: GroupOptions;
	readonly #failed = Promise.withResolvers<never>();
	#lastSignOfLife = Date.now();

	constructor(kafka: Kafka, failure: ToStreamsError, options: GroupOptions) {
		this.#options = options;
		this.#failure = failure;
		this.#firstJoin = new FirstJoin(failure);
		this.#failed.promise.catch(() => {});
		this.#consumer = kafka.consumer({
			groupId: options.groupId,
			readUncommitted: false,
			allowAutoTopicCreation: false,
			sessionTimeout: options.sessionTimeoutMs,
			heartbeatInterval: Math.floor(options.sessionTimeoutMs / 6),
			rebalanceTimeout: REBALANCE_TIMEOUT_MS,
			maxWaitTimeInMs: MAX_WAIT_MS,
			partitionAssigners: [copartitionedAssigner(options.about ?? "")],
			retry: { restartOnFailure: this.#firstJoin.restartOnFailure },
		});
	}

	get failed(): Promise<never> {
		return this.#failed.promise;
	}

	lastSignOfLife(): number {
		return this.#lastSignOfLife;
	}

	async start(handlers: GroupHandlers): Promise<void> {
		const consumer = this.#consumer;
		const { events } = consumer;
		const { topics } = this.#options;
		const alive = () => {
			this.#lastSignOfLife = Date.now();
		};
		const joined = new Promise<void>((resolve) =>
			consumer.on(events.GROUP_JOIN, ({ payload }) => {
				alive();
				this.#firstJoin.joined();
				handlers.onAssigned(payload.memberAssignment[topics[0] ?? ""] ?? []);
				resolve();
			}),
		);
		consumer.on(events.FETCH, alive);
		consumer.on(events.REBALANCING, () => handlers.onRebalancing());
		consumer.on(events.CRASH, ({ payload }) => {
			if (!payload.restart) this.#fail(payload.error);
		});
		// kafkajs skips batches that contain only aborted and control records, without calling
		// eachBatch.
		consumer.on(events.START_BATCH_PROCESS, ({ payload }) => {
			const { topic, partition, batchSize, lastOffset, highWatermark } =
				payload;
			const { fetchedOffset } = payload as unknown as { fetchedOffset: string };
			if (batchSize > 0) return;
			handlers
				.onBatch({
					topic,
					partition,
					fetchedOffset: Number(fetchedOffset),
					records: [],
					nextOffset: Number(lastOffset) + 1,
					highWatermark: Number(highWatermark),
					keepAlive: async () => true,
				})
				.catch((error: unknown) => this.#fail(error));
		});
		try {
			await consumer.connect();
			await consumer.subscribe({ topics: [...topics], fromBeginning: true });
			await consumer.run({
				autoCommit: false,
				eachBatchAutoResolve: false,
				partitionsConsumedConcurrently: 64,
				eachBatch: (payload) => this.#eachBatch(handlers, payload),
			});
		} catch (error) {
			throw this.#toStreamsError(error);
		}
		await Promise.race([joined, this.failed]);
	}

	async #eachBatch(
		handlers: GroupHandlers,
		payload: EachBatchPayload,
	): Promise<void> {
		const { batch, heartbeat, resolveOffset } = payload;
		let rebalance: { error: unknown } | undefined;
		const groupBatch: GroupBatch = {
			topic: batch.topic,
			partition: batch.partition,
			fetchedOffset: Number(
				(batch as unknown as { fetchedOffset: string }).fetchedOffset,
			),
			records: batch.messages.map((message) =>
				toLogRecord(batch.topic, batch.partition, message),
			),
			nextOffset: Number(batch.lastOffset()) + 1,
			highWatermark: Number(batch.highWatermark),
			keepAlive: async () => {
				try {
					await heartbeat();
				} catch (error) {
					rebalance = { error };
				}
				return rebalance === undefined;
			},
		};
		await handlers.onBatch(groupBatch);
		// kafkajs rejoins when it gets the error of its own heartbeat back.
		if (rebalance !== undefined) throw rebalance.error;
		resolveOffset(batch.lastOffset());
	}

	seek(topic: string, partition: number, offset: number): void {
		this.#consumer.seek({ topic, partition, offset: String(offset) });
	}

	pause(topic: string, partition: number): void {
		this.#consumer.pause([{ topic, partitions: [partition] }]);
	}

	resume(topic: string, partition: number): void {
		this.#consumer.resume([{ topic, partitions: [partition] }]);
	}

	async commitOffset(
		topic: string,
		partition: number,
		offset: number,
	): Promise<void> {
		await this.#consumer.commitOffsets([
			{ topic, partition, offset: String(offset) },
		]);
	}

	async leave(): Promise<void> {
		this.#firstJoin.left();
		await this.#consumer.disconnect();
	}

	#fail(error: unknown): void {
		this.#failed.reject(this.#toStreamsError(error));
	}

	#toStreamsError(error: unknown): StreamsError {
		if (error instanceof StreamsError) return error;
		const { groupId } = this.#options;
		return this.#failure(
			error,
			"group-failed",
			`the member of ${groupId} failed`,
		);
	}
}
