/**
 * The benchmark's topics: outputs have the broker's append times as timestamps. Inputs with old
 * event times are kept.
 */
import type { TopicSpec } from "@fireworks/contracts";

export const PARTITIONS = 4;

const topic = (name: string, config: Record<string, string>): TopicSpec => ({
	name,
	partitions: PARTITIONS,
	replicationFactor: 1,
	cleanup: config["cleanup.policy"] === "compact" ? "compact" : "delete",
	config: { "cleanup.policy": "delete", "retention.ms": "-1", ...config },
});

export const inputTopic = (name: string): TopicSpec =>
	topic(name, { "message.timestamp.after.max.ms": "9223372036854775807" });

/** Output, changelog and dead letters of one run. */
export const runTopics = (prefix: string) => ({
	output: topic(`${prefix}-wiener`, {
		"message.timestamp.type": "LogAppendTime",
	}),
	changelog: topic(`${prefix}-changelog`, { "cleanup.policy": "compact" }),
	deadLetter: topic(`${prefix}-dead-letter`, {
		"max.message.bytes": "2097176",
	}),
});
