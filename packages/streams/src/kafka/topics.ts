/** Topics: created where they are absent, held to what their writer needs where they are there. */
import { setTimeout as sleep } from "node:timers/promises";
import type { TopicSpec } from "@fireworks/contracts";
import kafkajs, { type Admin } from "kafkajs";
import { StreamsError } from "../errors.ts";
import type { OffsetRange } from "../log.ts";

const { ConfigResourceTypes } = kafkajs;

const PRESENT_WITHIN_MS = 10_000;
const RETRY_MS = 50;
const BETWEEN_LEADERS = new Set([
	"LEADER_NOT_AVAILABLE",
	"NOT_LEADER_FOR_PARTITION",
]);

export async function ensureTopics(
	admin: Admin,
	specs: readonly TopicSpec[],
): Promise<void> {
	const present = new Set(await admin.listTopics());
	const absent = specs.filter((spec) => !present.has(spec.name));
	if (absent.length > 0) await create(admin, absent);
	for (const spec of specs) await verify(admin, spec);
}

async function create(
	admin: Admin,
	specs: readonly TopicSpec[],
): Promise<void> {
	try {
		await admin.createTopics({
			// kafkajs would give up on a broker that does not know the topic yet; verify waits.
			waitForLeaders: false,
			topics: specs.map(({ name, partitions, replicationFactor, config }) => ({
				topic: name,
				numPartitions: partitions,
				replicationFactor,
				configEntries: Object.entries(config).map(([key, value]) => ({
					name: key,
					value,
				})),
			})),
		});
	} catch (error) {
		// Somebody else made one meanwhile: the check that follows tells whether it is right.
		const types = [
			error,
			...((error as { errors?: unknown[] }).errors ?? []),
		].map((e) => (e as { type?: string }).type);
		if (!types.includes("TOPIC_ALREADY_EXISTS")) throw error;
	}
}

async function verify(admin: Admin, spec: TopicSpec): Promise<void> {
	const partitions = (await untilPresent(admin, spec.name)).length;
	if (partitions !== spec.partitions) {
		throw new StreamsError(
			"topic-mismatch",
			`the topic ${spec.name} has ${partitions} partitions, not ${spec.partitions}: set FIREWORKS_PARTITIONS to what it has, or name another topic`,
		);
	}
	const { resources } = await admin.describeConfigs({
		includeSynonyms: false,
		resources: [
			{
				type: ConfigResourceTypes.TOPIC,
				name: spec.name,
				configNames: ["cleanup.policy"],
			},
		],
	});
	const cleanup = resources[0]?.configEntries.find(
		(e) => e.configName === "cleanup.policy",
	)?.configValue;
	if (cleanup !== spec.cleanup) {
		throw new StreamsError(
			"topic-mismatch",
			`the topic ${spec.name} has cleanup.policy=${cleanup}, not ${spec.cleanup}: change it (kafka-configs --alter), or name another topic`,
		);
	}
}

/** A topic that was just made may not be known everywhere yet. */
async function untilPresent(
	admin: Admin,
	topic: string,
): Promise<readonly OffsetRange[]> {
	const deadline = Date.now() + PRESENT_WITHIN_MS;
	for (;;) {
		const ranges = await offsetRanges(admin, topic);
		if (ranges !== undefined) return ranges;
		if (Date.now() > deadline) {
			throw new StreamsError(
				"group-failed",
				`the topic ${topic} was made, but is not there after ${PRESENT_WITHIN_MS} ms`,
			);
		}
		await sleep(RETRY_MS);
	}
}

/** The offsets of a topic's partitions, in their order; undefined where there is no such topic. */
export async function offsetRanges(
	admin: Admin,
	topic: string,
): Promise<readonly OffsetRange[] | undefined> {
	const deadline = Date.now() + PRESENT_WITHIN_MS;
	for (;;) {
		try {
			// Asked about a topic that is not there, kafkajs tries for seconds.
			const topics = await admin.listTopics();
			if (!topics.includes(topic)) return undefined;
			const ranges = await admin.fetchTopicOffsets(topic);
			return ranges
				.map((r) => ({
					partition: r.partition,
					low: Number(r.low),
					high: Number(r.high),
				}))
				.sort((a, b) => a.partition - b.partition);
		} catch (error) {
			const type = typeOf(error);
			if (type === "UNKNOWN_TOPIC_OR_PARTITION") return undefined;
			// A partition between two leaders, or one that was just made: kafkajs gives up at once.
			if (!BETWEEN_LEADERS.has(type ?? "") || Date.now() > deadline)
				throw error;
			await sleep(RETRY_MS);
		}
	}
}

/** The broker's answer in an error; where kafkajs has tried again first, it is the cause of what it throws then. */
const typeOf = (error: unknown): string | undefined => {
	const { type, cause } = error as { type?: string; cause?: { type?: string } };
	return type ?? cause?.type;
};
