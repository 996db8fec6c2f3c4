/** A lake in a folder of its own, with a table of measurements, and DuckDB to count its rows. */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { onTestFinished } from "vitest";
import type {
	Cell,
	Column,
	LakeLocation,
	Rows,
	TableDefinition,
} from "../src/index.ts";

export const COLUMNS: readonly Column[] = [
	{ name: "device", type: "string", required: true },
	{ name: "time", type: "timestamptz", required: true },
	{ name: "value", type: "double", required: false },
	{ name: "kafka_partition", type: "int", required: true },
	{ name: "kafka_offset", type: "long", required: true },
];

export const definition = (change: Partial<TableDefinition> = {}) => ({
	name: "measurements",
	columns: COLUMNS,
	partitionBy: { column: "time", per: "hour" as const },
	topicId: "topic-1",
	...change,
});

export function lakeFolder(): { folder: string; location: LakeLocation } {
	const folder = mkdtempSync(join(tmpdir(), "fireworks-lake-"));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	return { folder, location: { catalog: { kind: "files", folder } } };
}

export const silent = { info: () => {}, warn: () => {} };

export const owner = (change: object = {}) => ({
	owner: randomUUID(),
	logger: silent,
	...change,
});

/** 2026-01-01, in microseconds. */
export const START = 1_767_225_600_000_000n;
const SECOND = 1_000_000n;

/** The rows of these offsets of a partition, one for each second from START. */
export function rowsOf(partition: number, from: number, count: number): Rows {
	const offsets = Array.from({ length: count }, (_, index) => from + index);
	return {
		count,
		columns: [
			offsets.map((offset) => `device-${offset % 7}`),
			offsets.map((offset) => START + BigInt(offset) * SECOND),
			offsets.map((offset) => offset / 8),
			offsets.map(() => partition),
			offsets,
		],
	};
}

/** The rows of a query, numbers as JSON has them: those of 64 bits are text. */
export async function query(sql: string): Promise<Record<string, Cell>[]> {
	const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
	const connection = await instance.connect();
	try {
		await connection.run("SET TimeZone = 'UTC'");
		const result = await connection.runAndReadAll(sql);
		return result.getRowObjectsJson() as Record<string, Cell>[];
	} finally {
		connection.closeSync();
		instance.closeSync();
	}
}
