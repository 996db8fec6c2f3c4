/**
 * Topics: creates those that are absent, and checks that existing ones are as their writer needs
 * them.
 */
import { setTimeout as sleep } from "node:timers/promises";
import type { TopicSpec } from "@fireworks/contracts";
import kafkajs, { type Admin } from "kafkajs";
import { StreamsError } from "../errors.ts";
import type { OffsetRange } from "../log.ts";
import type { Controller } from "./controller.ts";
import { createAll } from "./create-topics.ts";

const { ConfigResourceTypes } = kafkajs;

const PRESENT_WITHIN_MS = 10_000;
const RETRY_MS = 50;
const BETWEEN_LEADERS = new Set([
	"LEADER_NOT_AVAILABLE",
	"NOT_LEADER_FOR_PARTITION",
]);

/** The clients that the functions for topics use. */
export interface TopicClients {
	admin(): Promise<Admin>;
	/** Closes the admin client; the next call of admin makes another. */
	renewAdmin(): Promise<void>;
	controller(): Promise<Controller>;
}

export async function ensureTopics(
	clients: TopicClients,
	specs: readonly TopicSpec[],
): Promise<void> {
	const present = new Set(await (await clients.admin()).listTopics());
	const absent = specs.filter((spec) => !present.has(spec.name));
	if (absent.length > 0) await createAll(await clients.controller(), absent);
	for (const spec of specs) await verify(clients, spec);
}

async function verify(clients: TopicClients, spec: TopicSpec): Promise<void> {
	const partitions = (await untilPresent(clients, spec.name)).length;
	if (partitions !== spec.partitions) {
		throw new StreamsError(
			"topic-mismatch",
			`the topic ${spec.name} has ${partitions} partitions, not ${spec.partitions}: set FIREWORKS_PARTITIONS to what it has, or name another topic`,
		);
	}
	const admin = await clients.admin();
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

/** Waits, because a topic that was just created may not be known everywhere yet. */
async function untilPresent(
	clients: TopicClients,
	topic: string,
): Promise<readonly OffsetRange[]> {
	const deadline = Date.now() + PRESENT_WITHIN_MS;
	for (;;) {
		const ranges = await offsetRanges(clients, topic);
		if (ranges !== undefined) return ranges;
		if (Date.now() > deadline) {
			throw new StreamsError(
				"topic-absent",
				`the topic ${topic} was made, but is not there after ${PRESENT_WITHIN_MS} ms`,
			);
		}
		await sleep(RETRY_MS);
	}
}

/** The offsets of a topic's partitions, in their order; undefined if there is no such topic. */
export async function offsetRanges(
	clients: Pick<TopicClients, "admin" | "renewAdmin">,
	topic: string,
): Promise<readonly OffsetRange[] | undefined> {
	const deadline = Date.now() + PRESENT_WITHIN_MS;
	for (;;) {
		try {
			const admin = await clients.admin();
			// If kafkajs is asked about a topic that does not exist, it retries for seconds.
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
			// kafkajs keeps asking for every topic that it was once asked about. After one of them
			// was deleted, it reports this error for all others too. Only a new client forgets the
			// deleted topic.
			if (type === "UNKNOWN_TOPIC_OR_PARTITION") await clients.renewAdmin();
			// A partition between two leaders, or one that was just created: kafkajs gives up at
			// once.
			else if (!BETWEEN_LEADERS.has(type ?? "")) throw error;
			if (Date.now() > deadline) throw error;
			await sleep(RETRY_MS);
		}
	}
}

/**
 * The broker's error code in an error. If kafkajs has retried first, the code is in the cause of
 * what it throws.
 */
const typeOf = (error: unknown): string | undefined => {
	const { type, cause } = error as { type?: string; cause?: { type?: string } };
	return type ?? cause?.type;
};
