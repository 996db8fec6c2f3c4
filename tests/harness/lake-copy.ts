/**
 * Writes records of a stream into tables of the lake, as its writer would, so that a test can plant
 * a fault into them.
 */
import { randomUUID } from "node:crypto";
import {
	type Cell,
	type Column,
	type ColumnType,
	openTable,
} from "@fireworks/lake";
import { recordKey } from "@fireworks/pipeline";
import type { LogRecord } from "@fireworks/streams";

const silent = { info() {}, warn() {} };

const column = (name: string, type: ColumnType, required = true): Column => ({
	name,
	type,
	required,
});

const TICK = [
	column("deviceId", "string"),
	column("seq", "long"),
	column("timestamp", "long"),
	column("drift", "double"),
	column("volatility", "double"),
];
const OWN = [
	column("event_time", "timestamptz"),
	column("record_key", "string", false),
	column("kafka_partition", "int"),
	column("kafka_offset", "long"),
	column("kafka_time", "timestamptz", false),
];
const FIELDS = {
	metronome: TICK,
	wiener: [
		...TICK,
		column("dt", "double"),
		column("increment", "double"),
		column("value", "double"),
	],
};
const REFUSED = [
	column("stream", "string"),
	column("topic_id", "string"),
	column("kafka_partition", "int"),
	column("kafka_offset", "long"),
	column("record_key", "string", false),
	column("record_value", "string", false),
	column("event_time", "timestamptz"),
];

const micros = (ms: number): bigint => BigInt(ms) * 1_000n;

/** Where a table is written, and of which topic it is. */
export interface TableCopy {
	folder: string;
	topic: string;
	topicId: string;
}

/** Two commits, so that the table has more than one file. positions: those of the last one. */
export async function writeTable(
	{ folder, topic, topicId }: TableCopy,
	stream: keyof typeof FIELDS,
	records: readonly LogRecord[],
	positions: ReadonlyMap<number, number>,
): Promise<void> {
	const fields = FIELDS[stream];
	const half = Math.floor(records.length / 2);
	const rows = records.map((record): Cell[] => {
		const json = JSON.parse(String(record.value)) as Record<string, Cell>;
		return [
			...fields.map(({ name }) => json[name] as Cell),
			micros(json.timestamp as number),
			recordKey(record.key),
			record.partition,
			record.offset,
			micros(record.timestamp),
		];
	});
	await write(
		{ folder, topic, topicId },
		[...fields, ...OWN],
		[
			{ rows: rows.slice(0, half), positions: endsOf(records.slice(0, half)) },
			{ rows: rows.slice(half), positions },
		],
	);
}

const endsOf = (records: readonly LogRecord[]): Map<number, number> => {
	const ends = new Map<number, number>();
	for (const { partition, offset } of records)
		ends.set(partition, Math.max(offset + 1, ends.get(partition) ?? 0));
	return ends;
};

/** The table of records that the lake refused. */
export async function writeRefused(
	{ folder, topic, topicId }: TableCopy,
	records: readonly LogRecord[],
): Promise<void> {
	const rows = records.map(({ partition, offset, key, value, timestamp }) => [
		topic,
		topicId,
		partition,
		offset,
		recordKey(key),
		value === null ? null : String(value),
		micros(timestamp),
	]);
	const of = { folder, topic: "dead_letters", topicId: "" };
	await write(of, REFUSED, [{ rows, positions: new Map([[0, 1]]) }]);
}

async function write(
	{ folder, topic, topicId }: TableCopy,
	columns: readonly Column[],
	commits: readonly {
		rows: readonly (readonly Cell[])[];
		positions: ReadonlyMap<number, number>;
	}[],
): Promise<void> {
	const table = await openTable(
		{ catalog: { kind: "files", folder } },
		{
			name: topic,
			columns,
			partitionBy: { column: "event_time", per: "hour" },
			topicId,
		},
		{ owner: randomUUID(), logger: silent },
	);
	for (const { rows, positions } of commits)
		await table.commit(
			{
				count: rows.length,
				columns: columns.map((_, i) => rows.map((row) => row[i] as Cell)),
			},
			positions,
		);
	await table.close();
}
