/**
 * The topics of one run: as in the contract, except that the broker sets the timestamps of ticks
 * and records when it appends them. So one clock measures all engines.
 */
import { processorTopics } from "@fireworks/contracts";
import type { Log, LogRecord } from "@fireworks/streams";
import {
	newStream,
	readTopic,
	type TestStream,
} from "../../tests/harness/stream.ts";
import { waitFor } from "../../tests/harness/wait-for.ts";

/** Creates the topics of a stream. input: another stream's ticks to read instead of its own. */
export async function benchStream(
	log: Log,
	brokers: readonly string[],
	extra: Readonly<Record<string, string>> = {},
): Promise<TestStream> {
	const stream = newStream(brokers, {
		FIREWORKS_PROCESSOR_SESSION_TIMEOUT_MS: "2000",
		FIREWORKS_PROCESSOR_PORT: "0",
		FIREWORKS_LOG_LEVEL: "info",
		FIREWORKS_RETENTION_MS: "-1",
		...extra,
	});
	const { inputs, output, changelog, deadLetter } = processorTopics(
		stream.settings,
	);
	const topics = [output, changelog, deadLetter].map((spec) =>
		spec === output
			? {
					...spec,
					config: { ...spec.config, "message.timestamp.type": "LogAppendTime" },
				}
			: spec,
	);
	await log.ensureTopics([
		...topics,
		{
			name: inputs[0] as string,
			partitions: stream.settings.partitions,
			replicationFactor: 1,
			cleanup: "delete",
			config: {
				"cleanup.policy": "delete",
				"retention.ms": "-1",
				"message.timestamp.type": "LogAppendTime",
			},
		},
	]);
	return stream;
}

const END = "end of the run";

/**
 * The sum of the end offsets of a topic's partitions. It grows with each record and each end of a
 * transaction.
 */
export const written = async (log: Log, topic: string): Promise<number> =>
	((await log.offsets(topic)) ?? []).reduce(
		(sum, range) => sum + range.high,
		0,
	);

/**
 * Waits until a topic has this many committed records, and reads them. It counts records, because
 * transaction markers take offsets too.
 */
export async function awaitRecords(
	log: Log,
	topic: string,
	count: number,
	alive: () => boolean,
	timeoutMs: number,
): Promise<LogRecord[]> {
	await waitFor(
		`${count} records in ${topic}`,
		async () => {
			if (!alive()) throw new Error("the engine has ended");
			return (await written(log, topic)) >= count;
		},
		timeoutMs,
	);
	return readTopic(log, topic, (all) => all.length >= count, timeoutMs);
}

/**
 * All current records of a topic, ordered by partition. It appends an end record to each partition:
 * the offsets do not show where the last committed record is, because markers take offsets too. So
 * a running engine can no longer use the topic.
 */
export async function readToEnd(
	log: Log,
	topic: string,
	partitions: number,
): Promise<LogRecord[]> {
	for (let partition = 0; partition < partitions; partition++)
		await log.append(topic, {
			partition,
			key: END,
			value: "",
			timestamp: Date.now(),
		});
	const isEnd = (record: LogRecord) => record.key?.toString() === END;
	let ends = 0;
	let seen = 0;
	const all = await readTopic(
		log,
		topic,
		(records) => {
			for (; seen < records.length; seen++)
				if (isEnd(records[seen] as LogRecord)) ends++;
			return ends === partitions;
		},
		120_000,
	);
	return all.filter((record) => !isEnd(record));
}
