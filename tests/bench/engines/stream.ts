/**
 * The topics of one run: as the contract has them, except that the broker stamps ticks and records when it appends them. Its one clock is what
 * all engines are measured by.
 */
import { processorTopics } from "@fireworks/contracts";
import type { Log, LogRecord } from "@fireworks/streams";
import { newStream, readTopic, type TestStream } from "../../harness/stream.ts";
import { waitFor } from "../../harness/wait-for.ts";

/** Makes the topics of a stream. input: another stream's ticks that it reads instead of its own. */
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
	const { input, output, changelog, deadLetter } = processorTopics(
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
			name: input,
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

/** The ends of a topic's partitions, added up: grows with each record and each end of a transaction. */
export const written = async (log: Log, topic: string): Promise<number> =>
	((await log.offsets(topic)) ?? []).reduce(
		(sum, range) => sum + range.high,
		0,
	);

/** Waits until a topic holds so many committed records (markers of transactions take offsets too, so the records are counted), and reads them. */
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
 * All records of a topic up to now, in the order of their partitions. Ends each partition by a record of its own, since where the last committed
 * record lies cannot be told from the offsets (markers have some too); so the topic is of no more use to an engine that goes on.
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
