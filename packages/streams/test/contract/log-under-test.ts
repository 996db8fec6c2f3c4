/** What the contract suite needs from a log, and helpers that its tests share. */
import { randomUUID } from "node:crypto";
import type { TopicSpec } from "@fireworks/contracts";
import type {
	GroupBatch,
	GroupMember,
	Log,
	LogRecord,
	OutgoingRecord,
} from "../../src/log.ts";

export interface LogUnderTest {
	readonly log: Log;
	/** A member that is silent for this long is removed from its group. ms. */
	readonly sessionTimeoutMs: number;
	/** Deletes a topic as an operator does, not through the log. */
	deleteTopic(name: string): Promise<void>;
	close(): Promise<void>;
}

const WAIT_MS = 90_000;
const ASK_EVERY_MS = 5;

/** Waits until a condition holds; throws with its name if that takes more than half a minute. */
export async function until(
	what: string,
	holds: () => boolean | Promise<boolean>,
): Promise<void> {
	const deadline = performance.now() + WAIT_MS;
	while (!(await holds())) {
		if (performance.now() > deadline)
			throw new Error(`waited ${WAIT_MS} ms for ${what}`);
		await new Promise((resolve) => setTimeout(resolve, ASK_EVERY_MS));
	}
}

/** A topic with a name that no other test uses. */
export const topicSpec = (spec: Partial<TopicSpec> = {}): TopicSpec => {
	const cleanup = spec.cleanup ?? "delete";
	return {
		name: `contract-${randomUUID().slice(0, 8)}`,
		partitions: 2,
		replicationFactor: 1,
		cleanup,
		...spec,
		config: {
			"cleanup.policy": cleanup,
			"retention.ms": "-1",
			"message.timestamp.after.max.ms": "9223372036854775807",
			...spec.config,
		},
	};
};

export async function newTopic(
	log: Log,
	spec: Partial<TopicSpec> = {},
): Promise<string> {
	const topic = topicSpec(spec);
	await log.ensureTopics([topic]);
	return topic.name;
}

/** A record of partition 0, key k, at time 1000, unless set otherwise. */
export const record = (
	value: string | Buffer | null,
	more: Partial<OutgoingRecord> = {},
): OutgoingRecord => ({
	partition: 0,
	key: "k",
	timestamp: 1_000,
	...more,
	value,
});

export const values = (records: readonly LogRecord[]): string[] =>
	records.map((r) => String(r.value));

/** Reads some topics until enough records have come; returns them in the order of arrival. */
export async function readUntil(
	log: Log,
	topic: string,
	enough: (records: readonly LogRecord[]) => boolean,
	more: { uncommitted?: boolean } = {},
): Promise<LogRecord[]> {
	const records: LogRecord[] = [];
	const reader = await log.read({
		name: "contract",
		topics: [topic],
		from: () => 0,
		...more,
		onRecords: (_topic, _partition, some) => {
			records.push(...some);
		},
	});
	try {
		await Promise.race([
			until(`records of ${topic}`, () => enough(records)),
			reader.ended,
		]);
	} finally {
		await reader.close();
	}
	return records;
}

/**
 * The committed records of a topic now. The last record of each partition is left out: it is
 * written here only to wait for it.
 */
export async function committed(log: Log, topic: string): Promise<LogRecord[]> {
	const partitions = (await log.offsets(topic))?.length ?? 0;
	const last = `the last of ${randomUUID()}`;
	for (let partition = 0; partition < partitions; partition++)
		await log.append(topic, record(last, { partition }));
	const isLast = (r: LogRecord) => String(r.value) === last;
	const records = await readUntil(
		log,
		topic,
		(some) => some.filter(isLast).length === partitions,
	);
	return records.filter((r) => !isLast(r));
}

/**
 * Makes a transaction fail after some of its records were written. It stays open until a new holder
 * of the identity comes.
 */
export async function leaveOpen(
	log: Log,
	id: string,
	topic: string,
	records: readonly OutgoingRecord[],
): Promise<void> {
	const tooSmall = await newTopic(log, {
		partitions: 1,
		config: { "max.message.bytes": "1000" },
	});
	const producer = log.transactionalProducer(id, 60_000);
	const failure = await producer
		.transact(
			new Map([
				[topic, records],
				[tooSmall, [record("x".repeat(5_000))]],
			]),
		)
		.then(
			() => undefined,
			(error: unknown) => error,
		);
	if (failure === undefined) throw new Error("the transaction did not fail");
	await producer.close();
}

/** Takes over an identity, which aborts what its earlier holders left open. */
export async function takeOver(
	log: Log,
	id: string,
	topic: string,
): Promise<void> {
	const producer = log.transactionalProducer(id, 60_000);
	await producer.transact(new Map([[topic, [record(`taken over by ${id}`)]]]));
	await producer.close();
}

/** A member that keeps what it receives. */
export class RecordingMember {
	readonly member: GroupMember;
	readonly assignments: (readonly number[])[] = [];
	readonly batches: GroupBatch[] = [];
	rebalances = 0;
	/** What it does with a batch, and what it does when it gets its partitions. */
	onBatch: (batch: GroupBatch) => Promise<void> = async () => {};
	onAssigned: (partitions: readonly number[]) => void = () => {};

	constructor(log: Log, groupId: string, topics: string[], session: number) {
		this.member = log.member({ groupId, topics, sessionTimeoutMs: session });
	}

	start(): Promise<void> {
		return this.member.start({
			onAssigned: (partitions) => {
				this.assignments.push(partitions);
				this.onAssigned(partitions);
			},
			onRebalancing: () => {
				this.rebalances++;
			},
			onBatch: async (batch) => {
				this.batches.push(batch);
				await this.onBatch(batch);
			},
		});
	}

	get partitions(): readonly number[] {
		return [...(this.assignments.at(-1) ?? [])].sort((a, b) => a - b);
	}
}
