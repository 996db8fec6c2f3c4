/** Settings of the topics and how the services create them. */
import { integer } from "../setting-types.ts";
import { choice, DAY_MS, setting, topic } from "./setting.ts";

const topicSetting = (name: string, about: string) =>
	setting({
		schema: topic(),
		default: name,
		tier: "tuning",
		chart: "config",
		about,
	});

export const TOPICS_SETTINGS = {
	partitions: setting({
		schema: integer(1, 1_000),
		default: 4,
		tier: "common",
		chart: "config",
		about:
			"Partitions of metronome, wiener, processor-changelog and dead-letter",
	}),
	replicationFactor: setting({
		schema: integer(1, 9),
		default: 1,
		tier: "common",
		chart: "config",
		about: "Copies of each partition of the topics that the services create",
	}),
	retentionMs: setting({
		schema: integer(-1, Number.MAX_SAFE_INTEGER),
		default: 7 * DAY_MS,
		unit: "ms",
		tier: "common",
		chart: "config",
		about:
			"How long ticks, Wiener records and dead letters are kept, by event time; -1: forever",
	}),
	topicConfigs: setting({
		schema: choice(["own", "cluster"]),
		default: "own",
		tier: "tuning",
		chart: "config",
		about:
			"Configuration of the topics that the services create. `own` sets what Fireworks needs; `cluster` sets only cleanup.policy and leaves the rest to the cluster",
	}),
	topicMetronome: topicSetting("metronome", "Topic of the ticks"),
	topicWiener: topicSetting("wiener", "Topic of the Wiener records"),
	topicProcessorChangelog: topicSetting(
		"processor-changelog",
		"Topic of the processor's state",
	),
	topicMetronomeChangelog: topicSetting(
		"metronome-changelog",
		"Topic of the clock's position",
	),
	topicDeadLetter: topicSetting(
		"dead-letter",
		"Topic of the records that the processor refused",
	),
} as const;
