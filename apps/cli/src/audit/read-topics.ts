/**
 * The audit of the topics as they are now, while everything goes on running.
 *
 * The order of the questions is what makes the answer sound: the metronome's ends first, up to which every tick must have its outcome;
 * then the processor is waited for; then the ends of its outputs; then the metronome's ends once more, so that the tick of every record
 * that is read is among those that are read.
 */
import type { Settings } from "@fireworks/contracts";
import type { Log, OffsetRange } from "@fireworks/streams";
import { parseSeed } from "@fireworks/wiener";
import { Audit, type AuditResult, auditPartition } from "./audit.ts";
import { CouldNotTell } from "./could-not-tell.ts";
import { processorPassed } from "./processor-passed.ts";
import { type FeedRange, openTopicFeed, type TopicFeed } from "./topic-feed.ts";
import type { AuditedTopic, AuditLimits, TopicNames } from "./types.ts";

export const AUDIT_SETTINGS = [
	"seed",
	"partitions",
	"topicMetronome",
	"topicWiener",
	"topicDeadLetter",
	"topicProcessorChangelog",
	"auditWaitMs",
] as const;

export interface AuditTopicsOptions {
	log: Log;
	settings: Settings<(typeof AUDIT_SETTINGS)[number]>;
	/** The topics must be read in this time, once the processor has passed. Default: 10 minutes. */
	readTimeoutMs?: number;
	limits?: Partial<AuditLimits>;
	signal?: AbortSignal;
}

const READ_TIMEOUT_MS = 600_000;

/**
 * Audits metronome, wiener and dead-letter, all partitions, committed records only.
 *
 * @throws CouldNotTell where a topic is not there, or the processor or the reading did not come to the ends in time
 */
export async function auditTopics(
	options: AuditTopicsOptions,
): Promise<AuditResult> {
	const { log, settings, readTimeoutMs = READ_TIMEOUT_MS } = options;
	const topics: TopicNames = {
		metronome: settings.topicMetronome,
		wiener: settings.topicWiener,
		deadLetter: settings.topicDeadLetter,
	};
	const ask = (topic: string) => rangesOf(log, topic, settings.partitions);
	const stopped = options.signal ?? new AbortController().signal;
	const atStart = await ask(topics.metronome);
	await processorPassed({
		log,
		changelogTopic: settings.topicProcessorChangelog,
		inputTopic: topics.metronome,
		input: atStart,
		waitMs: settings.auditWaitMs,
		signal: stopped,
	});
	const wiener = await ask(topics.wiener);
	const deadLetter = await ask(topics.deadLetter);
	const ranges: Record<AuditedTopic, readonly OffsetRange[]> = {
		wiener,
		deadLetter,
		metronome: await ask(topics.metronome),
	};
	const audit = new Audit({
		seed: parseSeed(settings.seed),
		partitions: settings.partitions,
		topics,
		...(options.limits === undefined ? {} : { limits: options.limits }),
	});
	const late = new AbortController();
	const timer = setTimeout(
		() =>
			late.abort(
				new CouldNotTell(
					`the topics were not read to their ends within ${readTimeoutMs} ms`,
				),
			),
		readTimeoutMs,
	);
	try {
		const feed = await openTopicFeed(
			log,
			feedRanges(topics, ranges),
			AbortSignal.any([stopped, late.signal]),
		);
		try {
			await Promise.all(
				atStart.map(({ partition, high: metronomeEnd }) =>
					auditPartition(
						audit.partition({
							partition,
							start: startsOf(ranges, partition),
							metronomeEnd,
							ticksCoverRecords: true,
						}),
						streamsOf(feed, topics, partition),
					),
				),
			);
		} finally {
			await feed.close();
		}
	} finally {
		clearTimeout(timer);
	}
	return audit.result();
}

async function rangesOf(
	log: Log,
	topic: string,
	partitions: number,
): Promise<readonly OffsetRange[]> {
	const ranges = await log.offsets(topic);
	if (ranges === undefined)
		throw new CouldNotTell(`there is no topic ${topic}`);
	if (ranges.length !== partitions)
		throw new CouldNotTell(
			`the topic ${topic} has ${ranges.length} partitions, not ${partitions}: set FIREWORKS_PARTITIONS to what it has`,
		);
	return ranges;
}

const TOPICS = ["metronome", "wiener", "deadLetter"] as const;

const feedRanges = (
	names: TopicNames,
	ranges: Readonly<Record<AuditedTopic, readonly OffsetRange[]>>,
): FeedRange[] =>
	TOPICS.flatMap((topic) =>
		ranges[topic].map(({ partition, low, high }) => ({
			topic: names[topic],
			partition,
			from: low,
			end: high,
		})),
	);

const startsOf = (
	ranges: Readonly<Record<AuditedTopic, readonly OffsetRange[]>>,
	partition: number,
) => ({
	metronome: ranges.metronome[partition]?.low ?? 0,
	wiener: ranges.wiener[partition]?.low ?? 0,
	deadLetter: ranges.deadLetter[partition]?.low ?? 0,
});

const streamsOf = (feed: TopicFeed, names: TopicNames, partition: number) => ({
	metronome: feed.stream(names.metronome, partition),
	wiener: feed.stream(names.wiener, partition),
	deadLetter: feed.stream(names.deadLetter, partition),
});
