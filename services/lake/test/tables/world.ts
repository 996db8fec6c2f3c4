/** A topic in memory, real tables in a folder, and writers of the one into the other. */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
	type LakeLocation,
	type OpenTable,
	type OwnedTable,
	openReader,
	openTable,
} from "@fireworks/lake";
import { defineStream } from "@fireworks/pipeline";
import { Registry } from "@fireworks/service-kit";
import { systemClock } from "@fireworks/time";
import { afterAll } from "vitest";
import { z } from "zod";
import { MemoryBroker } from "../../../../packages/streams/src/memory/broker.ts";
import { memoryLog } from "../../../../packages/streams/src/memory/memory-log.ts";
import { Random } from "../../../../packages/streams/src/memory/random.ts";
import { createMetrics } from "../../src/metrics.ts";
import { streamRows } from "../../src/rows/stream-rows.ts";
import { Budget } from "../../src/tables/budget.ts";
import { KeptTable } from "../../src/tables/kept-table.ts";
import {
	REFUSED_TABLE,
	RefusedRecords,
} from "../../src/tables/refused-records.ts";
import { selectRows } from "../../src/tables/select-rows.ts";

const TOPIC = "readings";
const PARTITIONS = 2;
export const COMMIT_MS = 20;
const silent = () => {};

const folder = mkdtempSync(join(tmpdir(), "fireworks-lake-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Both have a column of text, but only the second takes numbers: as JSON. */
const DEFINITIONS = [z.string(), z.union([z.string(), z.int()])].map(
	(value, version) => {
		const { description } = defineStream({
			name: TOPIC,
			schema: z.object({ value }),
			time: "@timestamp",
		});
		return { ...description, version: version + 1 };
	},
);

/** The real tables, whose commits go through this. */
export const withCommits =
	(commit: (table: OwnedTable) => OwnedTable["commit"]): OpenTable =>
	async (location, definition, options) => {
		const table = await openTable(location, definition, options);
		return {
			name: table.name,
			get columns() {
				return table.columns;
			},
			get positions() {
				return table.positions;
			},
			commit: commit(table),
			evolve: (columns) => table.evolve(columns),
			maintain: () => table.maintain(),
			close: () => table.close(),
		};
	};

export async function lakeWorld(seed: number) {
	const random = new Random(seed);
	const location: LakeLocation = {
		catalog: { kind: "files", folder: join(folder, randomUUID()) },
	};
	const broker = new MemoryBroker({ seed, fetchOffsetsMax: 7, fetchWaitMs: 5 });
	const log = memoryLog({ broker });
	await log.ensureTopics([
		{
			name: TOPIC,
			partitions: PARTITIONS,
			replicationFactor: 1,
			cleanup: "delete",
			config: { "cleanup.policy": "delete" },
		},
	]);
	/** The places of all records. */
	const expected: string[] = [];
	const next = Array.from({ length: PARTITIONS }, () => 0);

	/** Half of the values are texts, and half are numbers. */
	const append = async (count: number): Promise<void> => {
		for (let i = 0; i < count; i++) {
			const partition = random.between(0, PARTITIONS - 1);
			await log.append(TOPIC, {
				partition,
				key: null,
				value: `{"value":${random.pick(['"a"', "5"])}}`,
				timestamp: 1_000,
			});
			expected.push(`${partition}/${next[partition]}`);
			next[partition] = (next[partition] as number) + 1;
		}
	};

	/** Starts a writer. definition: 0 takes only texts, 1 also numbers. */
	const write = (open: OpenTable, definition: number, bytesMax = 1_000_000) => {
		const logger = { info: silent, warn: silent, error: silent } as never;
		const budget = new Budget(bytesMax);
		const shared = {
			location,
			openTable: open,
			owner: randomUUID(),
			giveUp: new AbortController().signal,
			logger,
		};
		const entry = DEFINITIONS[definition] as (typeof DEFINITIONS)[number];
		const table = new KeptTable(
			{
				...shared,
				log,
				clock: systemClock,
				metrics: createMetrics(new Registry(), {
					statuses: () => [],
					monotonicMs: () => 0,
					bufferBytes: () => 0,
				}),
				reader: openReader(location),
				budget,
				refused: new RefusedRecords(shared),
				commitMs: COMMIT_MS,
				caughtUp: async () => {},
			},
			{
				topic: TOPIC,
				table: TOPIC,
				definition: () => ({
					version: entry.version,
					rows: () => streamRows(entry),
				}),
			},
		);
		const stop = new AbortController();
		/** The error that it ended with. */
		const ended = table.run(stop.signal).then(
			() => undefined,
			(error: unknown) => error,
		);
		return { stop, ended, budget };
	};

	/** Of all rows, in the table or among the refused records. */
	const places = async (): Promise<string[]> => {
		const reader = openReader(location);
		const found = await Promise.all(
			[TOPIC, REFUSED_TABLE].map(async (name) => {
				const snapshot = await reader.snapshot(name);
				return snapshot === undefined
					? []
					: selectRows(
							`select kafka_partition || '/' || kafka_offset from ${reader.relation(snapshot)}`,
							{},
						);
			}),
		);
		return found.flat().map(([place]) => String(place));
	};
	const complete = async (): Promise<void> => {
		while ((await places()).length < expected.length)
			await new Promise((resolve) => setTimeout(resolve, COMMIT_MS));
	};
	return { random, append, expected, write, places, complete };
}
