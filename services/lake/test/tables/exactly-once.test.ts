/**
 * Writers that are killed or paused at any point of any commit, one after the other, each with
 * another definition of the stream: every record is once in the table or once among the refused
 * ones. The log is in memory, the tables are real.
 */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import {
	FencedError,
	type LakeLocation,
	type OpenTable,
	openReader,
	openTable,
} from "@fireworks/lake";
import { defineStream } from "@fireworks/pipeline";
import { Registry } from "@fireworks/service-kit";
import { systemClock } from "@fireworks/time";
import { afterAll, expect, test } from "vitest";
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
const LIVES = 14;
const RECORDS_PER_LIFE = 40;
const COMMIT_MS = 20;
/** A life ends after so many calls of commit, at most. */
const COMMITS_MAX = 6;
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

class Killed extends Error {}

/**
 * The real tables, but the process dies or stands still in the nth commit, before or after it took
 * effect. A process that is dead does nothing any more.
 */
function failing(
	fate: { at: number; what: "before" | "after" | "pause" },
	died: () => void,
	resumed: Promise<void>,
): OpenTable {
	let commits = 0;
	let dead = false;
	const alive = () => {
		if (dead) throw new Killed();
	};
	const die = () => {
		dead = true;
		died();
	};
	return async (location, definition, options) => {
		alive();
		const table = await openTable(location, definition, options);
		return {
			name: table.name,
			get columns() {
				return table.columns;
			},
			get positions() {
				return table.positions;
			},
			commit: async (rows, positions) => {
				alive();
				const isLast = ++commits === fate.at;
				if (isLast && fate.what === "before") die();
				if (isLast && fate.what === "pause") {
					died();
					await resumed;
				}
				alive();
				const committed = await table.commit(rows, positions);
				if (isLast && fate.what === "after") die();
				alive();
				return committed;
			},
			evolve: (columns) => table.evolve(columns),
			maintain: () => table.maintain(),
			close: () => table.close(),
		};
	};
}

test.each([1, 2, 3, 4])("seed %d", async (seed) => {
	const random = new Random(seed);
	const location: LakeLocation = {
		catalog: { kind: "files", folder: join(folder, String(seed)) },
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
	const expected: string[] = [];
	const next = Array.from({ length: PARTITIONS }, () => 0);
	const append = async (count: number) => {
		for (let i = 0; i < count; i++) {
			const partition = random.between(0, PARTITIONS - 1);
			const value = random.pick(['"a"', "5"]);
			await log.append(TOPIC, {
				partition,
				key: null,
				value: `{"value":${value}}`,
				timestamp: 1_000,
			});
			expected.push(`${partition}/${next[partition]}`);
			next[partition] = (next[partition] as number) + 1;
		}
	};

	const write = (open: OpenTable, life: number) => {
		const logger = { info: silent, warn: silent, error: silent } as never;
		const budget = new Budget(1_000_000);
		const shared = {
			location,
			openTable: open,
			owner: randomUUID(),
			giveUp: new AbortController().signal,
			logger,
		};
		const entry = DEFINITIONS[life % DEFINITIONS.length] as never;
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
				definition: () => ({ version: life, rows: () => streamRows(entry) }),
			},
		);
		const stop = new AbortController();
		const ended = table.run(stop.signal).then(
			() => undefined,
			(error: unknown) => error,
		);
		return { stop, ended, budget };
	};

	const places = async () => {
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

	const complete = async () => {
		while ((await places()).length < expected.length)
			await new Promise((resolve) => setTimeout(resolve, COMMIT_MS));
	};

	const paused: { resume(): void; ended: Promise<unknown> }[] = [];
	for (let life = 0; life < LIVES; life++) {
		await append(RECORDS_PER_LIFE);
		const died = Promise.withResolvers<void>();
		const resumed = Promise.withResolvers<void>();
		const what = random.pick(["before", "after", "pause"] as const);
		const fate = { at: random.between(1, COMMITS_MAX), what };
		const writer = write(failing(fate, died.resolve, resumed.promise), life);
		const more = append(RECORDS_PER_LIFE);
		// One that commits everything before its time has come is told to stop. One that went on
		// late can have fenced this one.
		await Promise.race([died.promise, more.then(complete), writer.ended]);
		if (fate.what === "pause")
			paused.push({ resume: resumed.resolve, ended: writer.ended });
		writer.stop.abort();
		if (fate.what !== "pause") await writer.ended;
		// It goes on after its successors have written.
		if (paused.length > 1) paused.shift()?.resume();
	}
	for (const one of paused) one.resume();
	for (const { ended } of paused) {
		const error = await ended;
		if (error !== undefined) expect(error).toBeInstanceOf(FencedError);
	}
	const last = write(openTable, LIVES);
	await complete();
	last.stop.abort();
	expect(await last.ended).toBeUndefined();
	expect((await places()).sort()).toEqual(expected.sort());
	expect(last.budget.bytes).toBe(0);
});
