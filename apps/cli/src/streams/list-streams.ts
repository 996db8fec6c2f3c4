/** `fireworks streams`: the streams of the catalog, and what their topics hold. */
import {
	CATALOG_TOPIC,
	type CatalogEntry,
	recordDecoder,
} from "@fireworks/pipeline";
import type { LogRecord, OffsetRange } from "@fireworks/streams";
import { CLI_EXIT, type CliExit } from "../exit-codes.ts";
import { table } from "../ui/table.ts";
import { catalogNow } from "./catalog.ts";
import { type Kafka, withKafka } from "./kafka.ts";
import { lookBack } from "./last-records.ts";
import { durationText, safe, timeText } from "./text.ts";

/** Beyond this many offsets without a record the newest time is not looked for. */
const LOOK_BACK_MAX = 2_000;

export interface StreamRow {
	readonly entry: CatalogEntry;
	/** undefined: there is no such topic. */
	readonly topic:
		| {
				readonly partitions: number;
				/** Offsets that the topic holds. Ends of transactions take offsets too. */
				readonly recordsAtMost: number;
				/** The latest event time of the newest records; null: none was found. */
				readonly newest: number | null;
		  }
		| undefined;
}

export const listStreams = ({ json }: { json: boolean }): Promise<CliExit> =>
	withKafka("streams", "streams", async (kafka) => {
		const rows = await streamRows(kafka);
		if (json) console.log(JSON.stringify({ streams: rows.map(streamJson) }));
		else for (const line of streamLines(rows)) console.log(line);
		return CLI_EXIT.ok;
	});

async function streamRows(kafka: Kafka): Promise<StreamRow[]> {
	const entries = [...(await catalogNow(kafka)).values()].toSorted((a, b) =>
		a.name < b.name ? -1 : 1,
	);
	const held = new Map<string, readonly OffsetRange[]>();
	for (const { name } of entries)
		if (kafka.topics.has(name))
			held.set(name, (await kafka.admin.offsets(name)) ?? []);
	const newest = await newestTimes(kafka, entries, held);
	return entries.map((entry) => {
		const ranges = held.get(entry.name);
		return {
			entry,
			topic: ranges && {
				partitions: ranges.length,
				recordsAtMost: ranges.reduce((sum, r) => sum + r.high - r.low, 0),
				newest: newest.get(entry.name) ?? null,
			},
		};
	});
}

async function newestTimes(
	{ admin }: Kafka,
	entries: readonly CatalogEntry[],
	held: ReadonlyMap<string, readonly OffsetRange[]>,
): Promise<ReadonlyMap<string, number>> {
	const decoders = new Map(entries.map((e) => [e.name, recordDecoder(e)]));
	const newest = new Map<string, number>();
	const seen = new Set<string>();
	await lookBack(
		admin,
		held,
		(topic, partition) => seen.has(`${topic}/${partition}`),
		(records: readonly LogRecord[]) => {
			for (const { topic, partition, value, timestamp } of records) {
				seen.add(`${topic}/${partition}`);
				const time =
					decoders.get(topic)?.bytes(value, timestamp).record?.time ??
					timestamp;
				newest.set(topic, Math.max(time, newest.get(topic) ?? time));
			}
		},
		{ backMax: LOOK_BACK_MAX },
	);
	return newest;
}

const streamJson = ({ entry, topic }: StreamRow) => {
	const { name, version, key, time, measures, retention, table } = entry;
	return {
		name,
		version,
		key,
		time,
		measures,
		retention,
		table,
		topic: topic ?? null,
	};
};

/** The table, or what to do where there is nothing to show. */
export function streamLines(rows: readonly StreamRow[]): string[] {
	if (rows.length === 0)
		return [
			`The catalog (topic ${CATALOG_TOPIC}) holds no streams yet.`,
			"  What to do: start a pipeline (docs/build/pipelines.md), or write a file to a stream with `fireworks ingest FILE --stream NAME`.",
			"  `fireworks tail TOPIC` also shows topics that are not in the catalog.",
		];
	const cells = rows.map(({ entry, topic }) => [
		entry.name,
		String(entry.version),
		safe(entry.key ?? "-"),
		String(topic?.partitions ?? "no topic"),
		topic === undefined ? "-" : String(topic.recordsAtMost),
		topic?.newest == null ? "-" : timeText(topic.newest),
		`${durationText(entry.retention.ms)} by ${entry.retention.by}`,
		safe(measuresText(entry)),
	]);
	const head = [
		"STREAM",
		"VERSION",
		"KEY",
		"PARTITIONS",
		"RECORDS",
		"NEWEST",
		"RETENTION",
		"MEASURES",
	];
	return [
		...table([head, ...cells], process.stdout.columns || Infinity),
		"RECORDS is an upper bound: the ends of transactions are counted too.",
	];
}

const measuresText = ({ measures }: CatalogEntry): string =>
	Object.entries(measures)
		.map(([path, { unit }]) => (unit ? `${path} (${unit})` : path))
		.join(", ") || "-";
