/** The topics: how each must be, for those who create them and for those who check them. */
import type { Settings } from "./parse-settings.ts";

/** A topic as its writer needs it. config: Kafka's topic settings. */
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
	"topicMetronome",
	"topicWiener",
	"topicProcessorChangelog",
	"topicMetronomeChangelog",
	"topicDeadLetter",
] as const;
export type TopicSettings = Settings<(typeof TOPIC_SETTINGS)[number]>;

/** Kafka's default limit of a record batch, and so of a tick. */
export const SOURCE_BYTES_MAX = 1_048_588;

// Record timestamps are event times: a broker must not refuse those ahead of its own clock.
const EVENT_TIME = { "message.timestamp.after.max.ms": "9223372036854775807" };

// The active segment is never compacted: with the standard 1 GB and 7 days a changelog would grow for days.
const SMALL_SEGMENTS = {
	"segment.bytes": String(16 * 1024 * 1024),
	"segment.ms": "600000",
	"min.cleanable.dirty.ratio": "0.1",
	"delete.retention.ms": "3600000",
};

const kept = (
	s: TopicSettings,
	name: string,
	config: Record<string, string> = {},
): TopicSpec => ({
	name,
	partitions: s.partitions,
	replicationFactor: s.replicationFactor,
	cleanup: "delete",
	config: {
		...EVENT_TIME,
		"cleanup.policy": "delete",
		"retention.ms": String(s.retentionMs),
		...config,
	},
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
	config: { ...EVENT_TIME, "cleanup.policy": "compact", ...SMALL_SEGMENTS },
});

/** What the metronome writes. */
export const metronomeTopics = (s: TopicSettings) => ({
	ticks: kept(s, s.topicMetronome),
	changelog: compacted(s, s.topicMetronomeChangelog, 1),
});

/** The topics of a running stage. */
export interface StageTopics {
	readonly input: string;
	readonly output: TopicSpec;
	/** Further topics that outputs may name. */
	readonly sideOutputs?: readonly TopicSpec[];
	readonly changelog: TopicSpec;
	readonly deadLetter: TopicSpec;
}

/** The topics of a stage. What comes from partition p goes to partition p, so that they have equally many. */
export const stageTopics = (
	s: TopicSettings,
	names: {
		input: string;
		output: string;
		changelog: string;
		deadLetter: string;
	},
): StageTopics => ({
	input: names.input,
	output: kept(s, names.output),
	changelog: compacted(s, names.changelog, s.partitions),
	// A dead letter holds a whole source record and headers: twice the source's limit.
	deadLetter: kept(s, names.deadLetter, {
		"max.message.bytes": String(2 * SOURCE_BYTES_MAX),
	}),
});

export const processorTopics = (s: TopicSettings): StageTopics =>
	stageTopics(s, {
		input: s.topicMetronome,
		output: s.topicWiener,
		changelog: s.topicProcessorChangelog,
		deadLetter: s.topicDeadLetter,
	});
