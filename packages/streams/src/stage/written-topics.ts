/** What a stage has to know about each topic that it writes. */
import type { StageTopicSpec, StageTopics } from "@fireworks/contracts";
import type { StreamsLogger } from "../kafka/logger.ts";

export interface WrittenTopic {
	readonly partitions: number;
	/** Timestamps are the times of the appends; the event time is in a header. */
	readonly byAppend: boolean;
	/** Where timestamps are event times: how old a record may be, ms; Infinity: any age. */
	readonly ageMaxMs: number;
}

/** The outputs and side outputs, by name. counts: their numbers of partitions. */
export const writtenTopics = (
	{ output, sideOutputs = [] }: StageTopics,
	counts: ReadonlyMap<string, number>,
): ReadonlyMap<string, WrittenTopic> =>
	new Map(
		[output, ...sideOutputs].map((spec) => [
			spec.name,
			{
				partitions: counts.get(spec.name) ?? 1,
				byAppend: spec.timestamps === "append",
				ageMaxMs: ageMaxMs(spec),
			},
		]),
	);

/**
 * Kafka deletes by the timestamps that writers give, unless the topic has those of the appends.
 */
function ageMaxMs({ timestamps, config }: StageTopicSpec): number {
	const ms = Number(config["retention.ms"] ?? -1);
	return timestamps === "append" ||
		config["message.timestamp.type"] === "LogAppendTime" ||
		ms < 0
		? Number.POSITIVE_INFINITY
		: ms;
}

/** Logs once for each topic that records are too old to be kept. */
export class OldRecords {
	readonly #stage: string;
	readonly #logger: StreamsLogger;
	readonly #seen = new Set<string>();

	constructor(stage: string, logger: StreamsLogger) {
		this.#stage = stage;
		this.#logger = logger;
	}

	/** timestamp: the record's, ms since 1970. */
	written(topic: string, timestamp: number, ageMaxMs: number): void {
		if (this.#seen.has(topic)) return;
		this.#seen.add(topic);
		this.#logger.warn(
			{ stage: this.#stage, topic, timestamp, retentionMs: ageMaxMs },
			"a record is older than its topic's retention, and Kafka will soon delete it: set FIREWORKS_RETENTION_MS to more than the age of the records, or to -1; said once for each topic",
		);
	}
}
