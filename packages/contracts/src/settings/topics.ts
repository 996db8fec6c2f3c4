/** The topics, and how the services make them. */
import { integer } from "../setting-types.ts";
import { DAY_MS, setting, topic } from "./setting.ts";

export const TOPICS_SETTINGS = {
	partitions: setting(
		integer(1, 1_000),
		"4",
		"Partitions of metronome, wiener, processor-changelog and dead-letter",
	),
	replicationFactor: setting(
		integer(1, 9),
		"1",
		"Copies of each partition of the topics that the services create",
	),
	retentionMs: setting(
		integer(-1, Number.MAX_SAFE_INTEGER),
		String(7 * DAY_MS),
		"How long ticks, Wiener records and dead letters are kept, by event time; -1 for ever",
	),
	topicMetronome: setting(topic(), "metronome", "Topic of the ticks"),
	topicWiener: setting(topic(), "wiener", "Topic of the Wiener records"),
	topicProcessorChangelog: setting(
		topic(),
		"processor-changelog",
		"Topic of the processor's state",
	),
	topicMetronomeChangelog: setting(
		topic(),
		"metronome-changelog",
		"Topic of the clock's position",
	),
	topicDeadLetter: setting(
		topic(),
		"dead-letter",
		"Topic of the records that the processor refused",
	),
} as const;
