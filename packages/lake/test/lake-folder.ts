/** A lake in a folder of its own, and DuckDB to query its files. */
import { randomUUID } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { onTestFinished } from "vitest";
import type { Cell, LakeLocation } from "../src/index.ts";

export function lakeFolder(): { folder: string; location: LakeLocation } {
	const folder = mkdtempSync(join(tmpdir(), "fireworks-lake-"));
	onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
	return { folder, location: { catalog: { kind: "files", folder } } };
}

const silent = { info: () => {}, warn: () => {} };

export const owner = (change: object = {}) => ({
	owner: randomUUID(),
	logger: silent,
	...change,
});

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
