/** `fireworks tail STREAM`: prints the records of a stream or of any topic, and follows it. */
import { setTimeout as sleep } from "node:timers/promises";
import type { LogRecord, OffsetRange } from "@fireworks/streams";
import { stopSignals } from "../commands/stop-signals.ts";
import { CLI_EXIT, CliError, type CliExit } from "../exit-codes.ts";
import { catalogNow } from "./catalog.ts";
import type { From } from "./from.ts";
import { assertTopic, type Kafka, withKafka } from "./kafka.ts";
import { lookBack } from "./last-records.ts";
import { recordView } from "./record-view.ts";

export interface TailOptions {
	readonly topic: string;
	/** Only records with this key. */
	readonly key: string | undefined;
	readonly from: From;
	/** End after so many records; undefined: follow without end. */
	readonly limit: number | undefined;
	readonly json: boolean;
}

const WAIT_MS = 250;
/** What `--from -N` may hold in memory. */
const LAST_BYTES_MAX = 64 * 1024 * 1024;
/** A broker that restarts is waited for. */
const AWAY_MAX_MS = 30_000;
const AWAY_RETRY_MS = 500;

type Place = { partition: number; offset: number };

export const tail = (options: TailOptions): Promise<CliExit> =>
	withKafka("tail", `tail ${options.topic}`, async (kafka) => {
		assertTopic(kafka, options.topic);
		const stopped = stopSignals(() => process.exit(CLI_EXIT.interrupted));
		const view = recordView((await catalogNow(kafka)).get(options.topic));
		const key = options.key === undefined ? null : Buffer.from(options.key);
		let left = options.limit ?? Number.POSITIVE_INFINITY;
		const wanted = (record: LogRecord) =>
			key === null || record.key?.equals(key) === true;
		const print = (record: LogRecord) => {
			if (left <= 0 || stopped.aborted || !wanted(record)) return;
			left--;
			console.log(options.json ? view.json(record) : view.line(record));
		};
		const places = await begin(kafka, options, wanted, print);
		while (left > 0 && !stopped.aborted)
			await follow(kafka, options.topic, places, print);
		return CLI_EXIT.ok;
	});

/** Prints what `--from -N` asks for, and returns where to go on. */
async function begin(
	{ admin }: Kafka,
	{ topic, from }: TailOptions,
	wanted: (record: LogRecord) => boolean,
	print: (record: LogRecord) => void,
): Promise<Place[]> {
	const ranges = (await admin.offsets(topic)) ?? [];
	if (from.kind === "time") {
		const found = await admin.offsetsAt(topic, from.time);
		return ranges.map(({ partition, high }) => ({
			partition,
			offset: found.get(partition) ?? high,
		}));
	}
	if (from.kind === "last")
		for (const record of await lastRecords(
			admin,
			topic,
			ranges,
			from.count,
			wanted,
		))
			print(record);
	return ranges.map(({ partition, low, high }) => ({
		partition,
		offset: from.kind === "beginning" ? low : high,
	}));
}

/** The newest records of all partitions together, by their timestamps, oldest first. */
async function lastRecords(
	admin: Kafka["admin"],
	topic: string,
	ranges: readonly OffsetRange[],
	count: number,
	wanted: (record: LogRecord) => boolean,
): Promise<LogRecord[]> {
	const found = new Map<number, LogRecord[]>();
	let bytes = 0;
	await lookBack(
		admin,
		new Map([[topic, ranges]]),
		(_topic, partition) => (found.get(partition)?.length ?? 0) >= count,
		(records) => {
			for (const record of records.filter(wanted)) {
				const { partition, value } = record;
				found.set(partition, [...(found.get(partition) ?? []), record]);
				bytes += value?.length ?? 0;
			}
			if (bytes > LAST_BYTES_MAX)
				throw new CliError(
					CLI_EXIT.failure,
					`The last ${count} records hold more than ${LAST_BYTES_MAX / 1024 / 1024} MB: ask for fewer, or name a time.`,
				);
		},
		{ first: 2 * count },
	);
	return [...found.values()]
		.flat()
		.sort(
			(a, b) =>
				a.timestamp - b.timestamp ||
				a.partition - b.partition ||
				a.offset - b.offset,
		)
		.slice(-count);
}

/** One round: prints what came, and moves the places. */
async function follow(
	{ admin }: Kafka,
	topic: string,
	places: Place[],
	print: (record: LogRecord) => void,
): Promise<void> {
	const since = performance.now();
	for (;;) {
		try {
			const found = await admin.fetch(
				places.map((place) => ({ topic, ...place })),
				WAIT_MS,
			);
			for (const { partition, records, nextOffset } of found) {
				for (const record of records) print(record);
				const place = places.find((one) => one.partition === partition);
				if (place !== undefined) place.offset = nextOffset;
			}
			return;
		} catch (error) {
			if ((error as { type?: string }).type === "OFFSET_OUT_OF_RANGE")
				return backInRange(admin, topic, places);
			if ((error as { type?: string }).type === "UNKNOWN_TOPIC_OR_PARTITION")
				throw new CliError(
					CLI_EXIT.failure,
					`The topic ${topic} was deleted.`,
					{ cause: error },
				);
			if (performance.now() - since > AWAY_MAX_MS) throw error;
			await sleep(AWAY_RETRY_MS);
		}
	}
}

/** Retention has passed the places, or the topic was deleted and made again. */
async function backInRange(
	admin: Kafka["admin"],
	topic: string,
	places: Place[],
): Promise<void> {
	const ranges = (await admin.offsets(topic)) ?? [];
	for (const place of places) {
		const range = ranges.find(({ partition }) => partition === place.partition);
		if (range === undefined) continue;
		if (place.offset >= range.low && place.offset <= range.high) continue;
		console.error(
			place.offset < range.low
				? `! ${topic}/${place.partition}: retention removed the records from ${place.offset} to ${range.low}`
				: `! ${topic}/${place.partition} was made again: it is read from its start`,
		);
		place.offset = range.low;
	}
}
