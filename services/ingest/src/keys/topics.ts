/**
 * The two topics of Idempotency-Keys. Each has one partition, so all replicas see the same order;
 * they hold one small record for each request, not for each record of it.
 */
import type { TopicSettings, TopicSpec } from "@fireworks/contracts";
import { KEY_MS } from "../limits.ts";

/** Answers and sessions, written in transactions. */
export const REQUESTS_TOPIC = "ingest-requests";
/** Claims, written outside of transactions, so that no open transaction hides them. */
export const CLAIMS_TOPIC = "ingest-claims";

const HOUR_MS = 3_600_000;

export const keyTopics = (
	settings: Pick<TopicSettings, "replicationFactor" | "topicConfigs">,
): TopicSpec[] =>
	[REQUESTS_TOPIC, CLAIMS_TOPIC].map((name) => ({
		name,
		partitions: 1,
		replicationFactor: settings.replicationFactor,
		cleanup: "delete",
		config: {
			"cleanup.policy": "delete",
			...(settings.topicConfigs === "own"
				? {
						"retention.ms": String(KEY_MS + HOUR_MS),
						// Only whole segments are deleted.
						"segment.ms": String(HOUR_MS),
						"message.timestamp.type": "CreateTime",
						"max.message.bytes": "1048588",
					}
				: {}),
		},
	}));
