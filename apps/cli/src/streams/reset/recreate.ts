/** Deletes topics and creates them again, empty and with the same settings. */
import { setTimeout as sleep } from "node:timers/promises";
import type { TopicSpec } from "@fireworks/contracts";
import type { Log } from "@fireworks/streams";
import { CLI_EXIT, CliError } from "../../exit-codes.ts";
import type { Kafka } from "../kafka.ts";
import type { KnownStage } from "../stages/known-stage.ts";
import { writtenBy } from "./plan.ts";
import { rememberTopics } from "./replaced-topics.ts";

const GONE_WITHIN_MS = 30_000;
const ASK_EVERY_MS = 50;

/** The topics as they are; those that are absent are as the stage would make them. */
export async function topicSpecs(
	{ admin, topics }: Kafka,
	stages: readonly KnownStage[],
): Promise<TopicSpec[]> {
	const names = stages.flatMap(writtenBy);
	const present = await admin.describe(names.filter((one) => topics.has(one)));
	const specs: TopicSpec[] = present.map(
		({ name, partitions, replicationFactor, config, cleanup }) => ({
			...{ name, partitions, replicationFactor, config },
			cleanup: cleanup as TopicSpec["cleanup"],
		}),
	);
	for (const { inputs, specs: own } of stages)
		for (const { partitions, timestamps: _, ...spec } of own)
			if (!topics.has(spec.name))
				specs.push({
					...spec,
					partitions:
						partitions ?? (await admin.offsets(inputs[0] ?? ""))?.length ?? 1,
				});
	return specs;
}

export async function recreate(
	kafka: Kafka,
	specs: readonly TopicSpec[],
): Promise<void> {
	const { admin, log, topics } = kafka;
	const before = new Map<string, string | undefined>();
	for (const { name } of specs) {
		const id = await log.topicId(name);
		if (id !== undefined || topics.has(name)) before.set(name, id);
	}
	await rememberTopics(kafka, before);
	if (before.size > 0) await admin.deleteTopics([...before.keys()]);
	for (const [name, id] of before) await untilGone(log, name, id);
	await log.ensureTopics(specs);
}

/** A topic that a running program made again under the name counts as gone. */
async function untilGone(
	log: Log,
	name: string,
	id: string | undefined,
): Promise<void> {
	const deadline = performance.now() + GONE_WITHIN_MS;
	for (;;) {
		const now = await log.topicId(name);
		if (now !== id || (id === undefined && now === undefined)) return;
		if (performance.now() > deadline)
			throw new CliError(
				CLI_EXIT.failure,
				`Kafka has not deleted the topic ${name} after ${GONE_WITHIN_MS / 1_000} s. Some topics may be deleted already: run the command again.`,
			);
		await sleep(ASK_EVERY_MS);
	}
}
