/**
 * Audits the topics as they are now, while the system keeps running.
 *
 * The result is sound because of the order of these steps. First the metronome's ends are read:
 * every tick before them must have its outcome. Then the processor must pass them. Then the ends of
 * its outputs are read. Finally the metronome's ends are read again, so the tick of every output
 * record that is read is read as well.
 */
import type { Settings } from "@fireworks/contracts";
import type { Log, OffsetRange } from "@fireworks/streams";
import { parseSeed } from "@fireworks/wiener";
import { Audit, type AuditResult, auditPartition } from "./audit.ts";
import { CouldNotTell } from "./could-not-tell.ts";
import { lastCommitted } from "./last-committed.ts";
import { processorPassed } from "./processor-passed.ts";
import type { RecordStore } from "./record-store.ts";
import { readResets } from "./resets.ts";
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
	/** Limit for reading the topics, after the processor has passed. Default: 10 minutes. */
	readTimeoutMs?: number;
	limits?: Partial<AuditLimits>;
	signal?: AbortSignal;
	/** Where ticks and Wiener records are read. Default: from their topics. */
	store?: RecordStore;
}

const READ_TIMEOUT_MS = 600_000;

/**
 * Audits metronome, wiener and dead-letter: all partitions, committed records only.
 *
 * @throws CouldNotTell if a topic is missing, or if the processor or the reading does not reach the
 * ends in time
 */
export async function auditTopics(
	options: AuditTopicsOptions,
): Promise<AuditResult> {
	const { log, settings, readTimeoutMs = READ_TIMEOUT_MS, store } = options;
	const topics: TopicNames = {
		metronome: settings.topicMetronome,
		wiener: settings.topicWiener,
		deadLetter: settings.topicDeadLetter,
	};
	const ask = (topic: string) => rangesOf(log, topic, settings.partitions);
	const stopped = options.signal ?? new AbortController().signal;
	/** The ranges as the store has them; those of the topic itself without a store. */
	const hold = async (topic: string, ranges: readonly OffsetRange[]) =>
		store === undefined
			? ranges
			: store.hold(
					topic,
					ranges,
					await lastCommitted({ log, topic, signal: stopped }, ranges),
				);
	const atStart = await ask(topics.metronome);
	await processorPassed({
		log,
		changelogTopic: settings.topicProcessorChangelog,
		inputTopic: topics.metronome,
		input: atStart,
		waitMs: settings.auditWaitMs,
		signal: stopped,
	});
	// The position that has passed and the outputs were committed together, but each partition gets
	// its own marker, at its own time. So the outputs are read to their last record.
	const wiener = await toLastRecord(
		log,
		await ask(topics.wiener),
		topics.wiener,
	);
	const deadLetter = await toLastRecord(
		log,
		await ask(topics.deadLetter),
		topics.deadLetter,
	);
	const heldWiener = await hold(topics.wiener, wiener);
	const metronome = await ask(topics.metronome);
	const ranges: TopicRanges = { wiener, deadLetter, metronome };
	const held: TopicRanges = {
		...ranges,
		wiener: heldWiener,
		metronome: await hold(topics.metronome, metronome),
	};
	// Read after the ends of what is audited, so no audited record comes from a reset that is
	// missing here.
	const resets = await readResets(
		log,
		settings.topicProcessorChangelog,
		stopped,
	);
	const audit = new Audit({
		seed: parseSeed(settings.seed),
		partitions: settings.partitions,
		topics,
		resets,
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
							start: startsOf(held, partition),
							metronomeEnd,
							ticksCoverRecords: true,
						}),
						streamsOf(feed, topics, partition, { held, store }),
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

/** The ranges with the offset after the newest record, decided or not, as their ends. */
async function toLastRecord(
	log: Log,
	ranges: readonly OffsetRange[],
	topic: string,
): Promise<readonly OffsetRange[]> {
	const ends = await log.ends(topic);
	return ranges.map((range, i) => ({
		...range,
		high: ends?.[i] ?? range.high,
	}));
}

type TopicRanges = Readonly<Record<AuditedTopic, readonly OffsetRange[]>>;

const TOPICS = ["metronome", "wiener", "deadLetter"] as const;

const feedRanges = (names: TopicNames, ranges: TopicRanges): FeedRange[] =>
	TOPICS.flatMap((topic) =>
		ranges[topic].map(({ partition, low, high }) => ({
			topic: names[topic],
			partition,
			from: low,
			end: high,
		})),
	);

const startsOf = (ranges: TopicRanges, partition: number) => ({
	metronome: ranges.metronome[partition]?.low ?? 0,
	wiener: ranges.wiener[partition]?.low ?? 0,
	deadLetter: ranges.deadLetter[partition]?.low ?? 0,
});

/** The dead letters always come from their topic: the processor writes them to no other place. */
function streamsOf(
	feed: TopicFeed,
	names: TopicNames,
	partition: number,
	{ held, store }: { held: TopicRanges; store: RecordStore | undefined },
) {
	const stream = (topic: AuditedTopic) => feed.stream(names[topic], partition);
	const stored = (topic: AuditedTopic) => {
		const range = held[topic][partition];
		return store === undefined || range === undefined
			? stream(topic)
			: store.records(names[topic], range, stream(topic));
	};
	return {
		metronome: stored("metronome"),
		wiener: stored("wiener"),
		deadLetter: stream("deadLetter"),
	};
}
