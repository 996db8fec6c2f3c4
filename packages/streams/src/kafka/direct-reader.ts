/**
 * Reads partitions without a consumer group. A program that looks at a topic and ends then neither
 * waits for a group, nor leaves one behind, nor disturbs one. It uses kafkajs' own connections and
 * its own reading of a response, which drops what was aborted.
 */
import { setTimeout as sleep } from "node:timers/promises";
import Batch from "kafkajs/src/consumer/batch.js";
import type { LogRecord } from "../log.ts";
import type { Cluster } from "./controller.ts";
import { toLogRecord } from "./records.ts";

/** Where to read next. */
export interface Place {
	readonly topic: string;
	readonly partition: number;
	readonly offset: number;
}

/** What lies at a place. records: the committed ones, in the order of their offsets. */
export interface Fetched {
	readonly topic: string;
	readonly partition: number;
	readonly records: readonly LogRecord[];
	/** Where to go on. It can move without records: over aborted ones, and ends of transactions. */
	readonly nextOffset: number;
}

interface PartitionResponse {
	readonly partition: number;
	readonly highWatermark: string;
	readonly abortedTransactions: readonly unknown[];
	readonly messages: readonly unknown[] & { readonly lastOffset?: number };
}

interface FetchingBroker {
	fetch(request: {
		isolationLevel: number;
		maxWaitTime: number;
		topics: readonly {
			topic: string;
			partitions: readonly {
				partition: number;
				fetchOffset: string;
				maxBytes: number;
			}[];
		}[];
	}): Promise<{
		responses: readonly {
			topicName: string;
			partitions: readonly PartitionResponse[];
		}[];
	}>;
}

/** The parts of kafkajs' cluster that reading needs. */
interface FetchingCluster extends Cluster {
	addMultipleTargetTopics(topics: readonly string[]): Promise<void>;
	findLeaderForPartitions(
		topic: string,
		partitions: readonly number[],
	): Record<string, number[]>;
	findBroker(node: { nodeId: string }): Promise<FetchingBroker>;
}

const READ_COMMITTED = 1;
const PARTITION_BYTES_MAX = 1_048_576;
const RETRY_WITHIN_MS = 10_000;
const RETRY_MS = 50;
const BETWEEN_LEADERS = new Set([
	"LEADER_NOT_AVAILABLE",
	"NOT_LEADER_FOR_PARTITION",
	"FENCED_LEADER_EPOCH",
	"UNKNOWN_LEADER_EPOCH",
]);

export class DirectReader {
	readonly #cluster: FetchingCluster;

	constructor(cluster: Cluster) {
		this.#cluster = cluster as FetchingCluster;
	}

	/**
	 * One round of reading, with as many records of each partition as one fetch brings. Waits at
	 * most this long where there are none.
	 */
	async fetch(
		places: readonly Place[],
		maxWaitMs: number,
	): Promise<readonly Fetched[]> {
		const deadline = Date.now() + RETRY_WITHIN_MS;
		for (;;) {
			try {
				return await this.#fetch(places, maxWaitMs);
			} catch (error) {
				const { type = "" } = error as { type?: string };
				if (!BETWEEN_LEADERS.has(type) || Date.now() > deadline) throw error;
				await sleep(RETRY_MS);
				await this.#cluster.refreshMetadata();
			}
		}
	}

	async #fetch(
		places: readonly Place[],
		maxWaitMs: number,
	): Promise<readonly Fetched[]> {
		await this.#cluster.addMultipleTargetTopics([
			...new Set(places.map(({ topic }) => topic)),
		]);
		const byLeader = new Map<string, Place[]>();
		for (const place of places) {
			const leaders = this.#cluster.findLeaderForPartitions(place.topic, [
				place.partition,
			]);
			const [leader] = Object.keys(leaders);
			if (leader === undefined)
				throw new Error(
					`the topic ${place.topic} has no partition ${place.partition}`,
				);
			byLeader.set(leader, [...(byLeader.get(leader) ?? []), place]);
		}
		const answers = await Promise.all(
			[...byLeader].map(([nodeId, own]) => this.#from(nodeId, own, maxWaitMs)),
		);
		return answers.flat();
	}

	async #from(
		nodeId: string,
		places: readonly Place[],
		maxWaitMs: number,
	): Promise<readonly Fetched[]> {
		const broker = await this.#cluster.findBroker({ nodeId });
		const topics = Map.groupBy(places, ({ topic }) => topic);
		const { responses } = await broker.fetch({
			isolationLevel: READ_COMMITTED,
			maxWaitTime: maxWaitMs,
			topics: [...topics].map(([topic, own]) => ({
				topic,
				partitions: own.map(({ partition, offset }) => ({
					partition,
					fetchOffset: String(offset),
					maxBytes: PARTITION_BYTES_MAX,
				})),
			})),
		});
		const offsets = new Map(
			places.map((one) => [`${one.topic}/${one.partition}`, one.offset]),
		);
		return responses.flatMap(({ topicName, partitions }) =>
			partitions.map((answer) =>
				fetched(
					topicName,
					answer,
					offsets.get(`${topicName}/${answer.partition}`) as number,
				),
			),
		);
	}
}

function fetched(
	topic: string,
	answer: PartitionResponse,
	offset: number,
): Fetched {
	const { partition, messages } = answer;
	const empty = messages.length === 0 && messages.lastOffset === undefined;
	if (empty) return { topic, partition, records: [], nextOffset: offset };
	const batch = new Batch(topic, String(offset), answer);
	return {
		topic,
		partition,
		records: batch.messages.map((one) => toLogRecord(topic, partition, one)),
		nextOffset: Math.max(offset, Number(batch.lastOffset()) + 1),
	};
}
