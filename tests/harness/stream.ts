/** A separate stream on a shared broker: topics, group and settings that no other test uses. */
import { randomUUID } from "node:crypto";
import {
	parseSettings,
	SETTINGS,
	type SettingName,
	type Settings,
} from "@fireworks/contracts";
import { type Log, type LogRecord, openLog } from "@fireworks/streams";
import { waitFor } from "./wait-for.ts";

export interface TestStream {
	/** Environment of the services. */
	environment: Record<string, string>;
	/** The settings as the services parse them. */
	settings: Settings<SettingName>;
}

/**
 * Creates the environment and settings of a new stream. extra: further variables. With
 * TEST_ENGINE=python, any suite runs that engine's processor where a test does not name one:
 * `TEST_ENGINE=python pnpm faults`.
 */
export function newStream(
	brokers: readonly string[],
	extra: Record<string, string> = {},
): TestStream {
	const id = randomUUID().slice(0, 8);
	const { TEST_ENGINE: engine } = process.env;
	const environment = {
		...(engine ? { FIREWORKS_ENGINE: engine } : {}),
		FIREWORKS_BROKERS: brokers.join(","),
		FIREWORKS_TOPIC_METRONOME: `${id}-metronome`,
		FIREWORKS_TOPIC_WIENER: `${id}-wiener`,
		FIREWORKS_TOPIC_PROCESSOR_CHANGELOG: `${id}-processor-changelog`,
		FIREWORKS_TOPIC_METRONOME_CHANGELOG: `${id}-metronome-changelog`,
		FIREWORKS_TOPIC_DEAD_LETTER: `${id}-dead-letter`,
		FIREWORKS_PROCESSOR_GROUP: `${id}-processor`,
		FIREWORKS_PROCESSOR_SESSION_TIMEOUT_MS: "3000",
		...extra,
	};
	return {
		environment,
		settings: parseSettings(
			environment,
			Object.keys(SETTINGS) as SettingName[],
		),
	};
}

const silent = { debug() {}, info() {}, warn() {}, error() {} };

export const testLog = (brokers: readonly string[]): Log =>
	openLog({ brokers, clientId: "fireworks-test", logger: silent });

/**
 * The offsets of a topic once every transaction in it is decided: Kafka answers a commit before its
 * ends are in the partitions, so for a moment `high` lies before committed records. undefined:
 * there is no such topic.
 */
export async function settledOffsets(
	log: Log,
	topic: string,
): ReturnType<Log["offsets"]> {
	let ranges: Awaited<ReturnType<Log["offsets"]>>;
	await waitFor(`the transactions in ${topic} to be decided`, async () => {
		const ends = await log.ends(topic);
		ranges = await log.offsets(topic);
		return (ranges ?? []).every(
			({ partition, high }) => high >= (ends?.[partition] ?? 0),
		);
	});
	return ranges;
}

/**
 * Reads a topic from its start until there are enough records. Returns all of them, ordered by
 * partition.
 */
export async function readTopic(
	log: Log,
	topic: string,
	enough: (records: readonly LogRecord[]) => boolean,
	timeoutMs = 120_000,
): Promise<LogRecord[]> {
	const records: LogRecord[] = [];
	const done = Promise.withResolvers<void>();
	const timer = setTimeout(
		() =>
			done.reject(
				new Error(
					`${topic}: not enough after ${timeoutMs} ms, ${records.length} records`,
				),
			),
		timeoutMs,
	);
	const reader = await log.read({
		name: "test",
		topics: [topic],
		from: () => 0,
		onRecords: (_topic, _partition, some) => {
			records.push(...some);
			if (enough(records)) done.resolve();
		},
	});
	try {
		await Promise.race([done.promise, reader.ended]);
	} finally {
		clearTimeout(timer);
		await reader.close();
	}
	return records.sort(
		(a, b) => a.partition - b.partition || a.offset - b.offset,
	);
}
