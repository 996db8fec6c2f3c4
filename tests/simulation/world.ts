/**
 * The environment of a run: topics, devices, settings. It is small, so that a seed is short. The
 * time-outs have the same proportions as the real ones.
 */
import {
	metronomeTopics,
	processorTopics,
	type TopicSettings,
} from "@fireworks/contracts";
import { numberedDevices } from "../../services/metronome/src/devices.ts";

export const SEED_OF_NOISE = "42";
export const GROUP = "processor";
export const PARTITIONS = 2;

const settings: TopicSettings = {
	partitions: PARTITIONS,
	replicationFactor: 1,
	retentionMs: -1,
	topicConfigs: "own",
	topicMetronome: "metronome",
	topicWiener: "wiener",
	topicProcessorChangelog: "processor-changelog",
	topicMetronomeChangelog: "metronome-changelog",
	topicDeadLetter: "dead-letter",
};

export const TOPICS = {
	...metronomeTopics(settings),
	processor: processorTopics(settings),
};

/** Both partitions have some of them. */
export const DEVICES = numberedDevices(3);

export const INTERVALS = {
	intervalMs: 250,
	advanceMs: 1_000,
	catchUpMaxMs: Number.MAX_SAFE_INTEGER,
};

export const STAGE_OPTIONS = {
	groupId: GROUP,
	recordsMax: 7,
	bytesMax: 1_000_000,
	sessionTimeoutMs: 3_000,
	transactionTimeoutMs: 4_000,
	restoreTimeoutMs: 10_000,
	silenceMaxMs: 10_000,
	groupOffsetIntervalMs: 500,
};

/** Phases of a run, in ms: first with faults, then ticks without faults, then time to catch up. */
export const RUN_MS = { faults: 8_000, calm: 1_000, catchUp: 180_000 };
