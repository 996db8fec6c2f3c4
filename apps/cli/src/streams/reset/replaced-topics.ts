/**
 * The names of topics that resets have deleted, by their ids. A stage that read one of them has
 * only its id, and would otherwise not be found to be reset too. The topic is compacted, and gets a
 * few records with each reset.
 */
import { catalogTopic } from "@fireworks/pipeline";
import type { Kafka } from "../kafka.ts";
import { readRanges, wholeTopic } from "../read-range.ts";

const TOPIC = "fireworks-replaced-topics";

/** By id; empty before the first reset. */
export async function replacedTopics({
	admin,
	topics,
}: Kafka): Promise<ReadonlyMap<string, string>> {
	const names = new Map<string, string>();
	if (!topics.has(TOPIC)) return names;
	for await (const records of readRanges(admin, await wholeTopic(admin, TOPIC)))
		for (const { key, value } of records)
			if (value !== null) names.set(String(key), String(value));
	return names;
}

/** Called before the topics are deleted. ids: by name. */
export async function rememberTopics(
	{ log, settings }: Kafka,
	ids: ReadonlyMap<string, string | undefined>,
): Promise<void> {
	await log.ensureTopics([{ ...catalogTopic(settings), name: TOPIC }]);
	for (const [name, id] of ids)
		if (id !== undefined)
			await log.append(TOPIC, {
				partition: 0,
				key: id,
				value: name,
				timestamp: Date.now(),
			});
}
