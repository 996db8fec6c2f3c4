/**
 * The topics of the memory log: created if absent, checked against their specification if they
 * exist.
 */
import type { TopicSpec } from "@fireworks/contracts";
import { StreamsError } from "../errors.ts";
import type { OffsetRange, OutgoingRecord } from "../log.ts";
import { BrokerError } from "./broker-error.ts";
import { MemoryPartition, type PartitionTransaction } from "./partition.ts";

/** A broker's default limit for a record. */
const RECORD_BYTES_MAX = 1_048_588;

interface Topic {
	readonly id: string;
	readonly spec: TopicSpec;
	readonly partitions: readonly MemoryPartition[];
}

export class MemoryTopics {
	readonly #topics = new Map<string, Topic>();
	#made = 0;

	/**
	 * Throws StreamsError topic-mismatch if a topic has other partitions or another clean-up
	 * policy.
	 */
	ensure(specs: readonly TopicSpec[]): void {
		for (const spec of specs) {
			const topic = this.#topics.get(spec.name);
			if (topic === undefined)
				this.#topics.set(spec.name, {
					id: (++this.#made).toString(16).padStart(32, "0"),
					spec,
					partitions: Array.from(
						{ length: spec.partitions },
						(_, p) => new MemoryPartition(spec.name, p),
					),
				});
			else hold(topic.spec, spec);
		}
	}

	/**
	 * Deletes a topic with all its records. A topic created later under its name is another topic.
	 */
	remove(name: string): void {
		this.#topics.delete(name);
	}

	/** undefined: no such topic. */
	topicId(name: string): string | undefined {
		return this.#topics.get(name)?.id;
	}

	/**
	 * undefined: no such topic. The end is where an open transaction begins, as in the request that
	 * kafkajs sends.
	 */
	offsets(name: string): readonly OffsetRange[] | undefined {
		return this.#topics
			.get(name)
			?.partitions.map(({ low, lastStableOffset }, partition) => ({
				partition,
				low,
				high: lastStableOffset,
			}));
	}

	/** By partition, the offset after the newest record, decided or not. */
	ends(name: string): readonly number[] | undefined {
		return this.#topics.get(name)?.partitions.map(({ high }) => high);
	}

	/** All partitions of a topic, in their order. Throws UNKNOWN_TOPIC_OR_PARTITION. */
	partitions(name: string): readonly MemoryPartition[] {
		const topic = this.#topics.get(name);
		if (topic === undefined)
			throw new BrokerError("UNKNOWN_TOPIC_OR_PARTITION", name);
		return topic.partitions;
	}

	partition(name: string, partition: number): MemoryPartition {
		const found = this.partitions(name)[partition];
		if (found === undefined)
			throw new BrokerError(
				"UNKNOWN_TOPIC_OR_PARTITION",
				`${name}/${partition}`,
			);
		return found;
	}

	/** Appends all records to one partition, or none, and returns the first one's offset. */
	append(
		name: string,
		partition: number,
		records: readonly OutgoingRecord[],
		transaction?: PartitionTransaction,
	): number {
		const log = this.partition(name, partition);
		const { config = {}, cleanup } = this.#topics.get(name)?.spec ?? {};
		const bytesMax = Number(config["max.message.bytes"] ?? RECORD_BYTES_MAX);
		const taken = records.map(({ key, value, timestamp, headers = {} }) => ({
			key: bytesOf(key),
			value: bytesOf(value),
			timestamp,
			headers: Object.fromEntries(
				Object.entries(headers).map(([header, text]) => [header, String(text)]),
			),
		}));
		for (const { key, value } of taken) {
			if ((key?.length ?? 0) + (value?.length ?? 0) > bytesMax)
				throw new BrokerError("MESSAGE_TOO_LARGE", `${name}/${partition}`);
			if (key === null && cleanup === "compact")
				throw new BrokerError("INVALID_RECORD", `${name} needs a key`);
		}
		return log.append(taken, transaction);
	}
}

function hold(has: TopicSpec, wanted: TopicSpec): void {
	if (has.partitions !== wanted.partitions)
		throw new StreamsError(
			"topic-mismatch",
			`the topic ${has.name} has ${has.partitions} partitions, not ${wanted.partitions}`,
		);
	if (has.cleanup !== wanted.cleanup)
		throw new StreamsError(
			"topic-mismatch",
			`the topic ${has.name} has cleanup.policy=${has.cleanup}, not ${wanted.cleanup}`,
		);
}

/** Copies the data, so that later changes to the caller's buffers do not reach the log. */
const bytesOf = (data: Buffer | string | null): Buffer | null =>
	data === null
		? null
		: typeof data === "string"
			? Buffer.from(data)
			: Buffer.from(data);
