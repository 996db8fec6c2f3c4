/**
 * The topics and their configuration, for the programs that create them and those that check them.
 */
import type { Settings } from "./parse-settings.ts";

/** A topic as its writer requires it. config: Kafka's topic settings. */
export interface TopicSpec {
	name: string;
	partitions: number;
	replicationFactor: number;
	cleanup: "delete" | "compact";
	config: Readonly<Record<string, string>>;
}

export const TOPIC_SETTINGS = [
	"partitions",
	"replicationFactor",
	"retentionMs",
	"topicConfigs",
	"topicMetronome",
	"topicWiener",
	"topicProcessorChangelog",
	"topicMetronomeChangelog",
	"topicDeadLetter",
] as const;
export type TopicSettings = Settings<(typeof TOPIC_SETTINGS)[number]>;

/** Kafka's default limit of a record batch, which also limits a tick. */
export const SOURCE_BYTES_MAX = 1_048_588;

// Record timestamps are event times: a broker must not reject those ahead of its own clock.
const EVENT_TIME = { "message.timestamp.after.max.ms": "9223372036854775807" };

// The active segment is never compacted. With the defaults of 1 GB and 7 days a changelog would
// grow for days.
const SMALL_SEGMENTS = {
	"segment.bytes": String(16 * 1024 * 1024),
	"segment.ms": "600000",
	"min.cleanable.dirty.ratio": "0.1",
	"delete.retention.ms": "3600000",
};

/** The clean-up policy is mandatory: with another one the topic is unusable. */
const configOf = (
	{ topicConfigs }: TopicSettings,
	cleanup: TopicSpec["cleanup"],
	own: Record<string, string>,
): Record<string, string> => ({
	"cleanup.policy": cleanup,
	...(topicConfigs === "own" ? own : {}),
});

const kept = (
	s: TopicSettings,
	name: string,
	config: Record<string, string> = {},
): TopicSpec => ({
	name,
	partitions: s.partitions,
	replicationFactor: s.replicationFactor,
	cleanup: "delete",
	config: configOf(s, "delete", {
		...EVENT_TIME,
		"retention.ms": String(s.retentionMs),
		...config,
	}),
});

const compacted = (
	s: TopicSettings,
	name: string,
	partitions: number,
): TopicSpec => ({
	name,
	partitions,
	replicationFactor: s.replicationFactor,
	cleanup: "compact",
	config: configOf(s, "compact", { ...EVENT_TIME, ...SMALL_SEGMENTS }),
});

/** The topics that the metronome writes. */
export const metronomeTopics = (s: TopicSettings) => ({
	ticks: kept(s, s.topicMetronome),
	changelog: compacted(s, s.topicMetronomeChangelog, 1),
});

/**
 * A topic that a stage writes. partitions: absent where any number will do; a new topic then gets
 * as many as the input.
 */
export type StageTopicSpec = Omit<TopicSpec, "partitions"> & {
	readonly partitions?: number;
	/**
	 * What a record's timestamp is. event: its event time, as in the topics of the built-in
	 * example. append: the wall time, so that Kafka's retention counts from the append; the event
	 * time is in the header `event-time`. Default: event.
	 */
	readonly timestamps?: "event" | "append";
};

/** The topics of a running stage. */
export interface StageTopics {
	/**
	 * One or several, with equally many partitions: partition p of all of them goes to the same
	 * task.
	 */
	readonly inputs: readonly string[];
	readonly output: StageTopicSpec;
	/** Further topics that outputs can name. */
	readonly sideOutputs?: readonly StageTopicSpec[];
	/** It has as many partitions as each input. */
	readonly changelog: StageTopicSpec;
	readonly deadLetter: StageTopicSpec;
}

/** The topics of a stage, all with the partitions of the settings. */
export const stageTopics = (
	s: TopicSettings,
	names: {
		inputs: readonly string[];
		output: string;
		changelog: string;
		deadLetter: string;
	},
) => ({
	inputs: names.inputs,
	output: kept(s, names.output),
	changelog: compacted(s, names.changelog, s.partitions),
	// A dead letter contains a whole source record and headers. So its limit is twice the source's.
	deadLetter: kept(s, names.deadLetter, {
		"max.message.bytes": String(2 * SOURCE_BYTES_MAX),
	}),
});

export const processorTopics = (s: TopicSettings) =>
	stageTopics(s, {
		inputs: [s.topicMetronome],
		output: s.topicWiener,
		changelog: s.topicProcessorChangelog,
		deadLetter: s.topicDeadLetter,
	});
