/** Runs services/lake as its process, and reads the tables that it writes with DuckDB. */
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { openReader, type TableReader } from "@fireworks/lake";
import { freePort } from "@fireworks/local-kafka";
import type { Log } from "@fireworks/streams";
import { afterAll } from "vitest";
import { type NodeProcess, startNode } from "./node-process.ts";
import { readTopic } from "./stream.ts";

const MAIN = join(import.meta.dirname, "../../services/lake/src/main.ts");

export interface LakeRun extends NodeProcess {
	/** The page /tables: the table of a stream. */
	// biome-ignore lint/suspicious/noExplicitAny: the tests say what they expect of it
	table(stream: string): Promise<any>;
}

export async function startLake(
	environment: Record<string, string>,
	folder: string,
	commitMs = 1_000,
): Promise<LakeRun> {
	const port = await freePort();
	const started = startNode(
		[MAIN],
		{
			...environment,
			FIREWORKS_LAKE_DIR: folder,
			FIREWORKS_LAKE_PORT: String(port),
			FIREWORKS_LAKE_COMMIT_MS: String(commitMs),
		},
		port,
	);
	return {
		...started,
		table: async (stream) =>
			JSON.parse((await started.get("/tables")).text).tables.find(
				(one: { stream: string }) => one.stream === stream,
			),
	};
}

/** A folder for a lake; it is removed at the end of the file. */
export function lakeFolder(): string {
	const folder = mkdtempSync(join(tmpdir(), "fireworks-lake-"));
	afterAll(() => rmSync(folder, { recursive: true, force: true }));
	return folder;
}

export type Row = Record<string, unknown>;

export class LakeTables {
	readonly #reader: TableReader;

	constructor(folder: string) {
		this.#reader = openReader({ catalog: { kind: "files", folder } });
	}

	list(): Promise<readonly string[]> {
		return this.#reader.list();
	}

	/** Rows of the newest snapshot; none if there is no table. Integers of 64 bits are BigInt. */
	async rows(table: string, columns = "*", where = "true"): Promise<Row[]> {
		const snapshot = await this.#reader.snapshot(table);
		if (snapshot === undefined || snapshot.files.length === 0) return [];
		const instance = await DuckDBInstance.create(":memory:", { threads: "1" });
		const connection = await instance.connect();
		try {
			const read = await connection.runAndReadAll(
				`select ${columns} from ${this.#reader.relation(snapshot)} where ${where}`,
			);
			return read.getRowObjects();
		} finally {
			connection.closeSync();
			instance.closeSync();
		}
	}

	/** The places and the values of a stream's records in the lake, in their order. */
	async places(stream: string): Promise<string[]> {
		const [rows, refused] = await Promise.all([
			this.rows(stream, "kafka_partition, kafka_offset"),
			this.rows(
				"dead_letters",
				"kafka_partition, kafka_offset",
				`stream = '${stream}'`,
			),
		]);
		const placesOf = (some: readonly Row[]) =>
			some.map((row) => `${row.kafka_partition}/${row.kafka_offset}`);
		return [
			...placesOf(rows),
			...placesOf(refused).map((place) => `${place} refused`),
		].sort();
	}
}

/**
 * Where the records of a topic are, as LakeTables.places should have it. isBad: whether a record
 * has to be refused.
 */
export async function placesOf(
	log: Log,
	topic: string,
	count: number,
	isBad: (value: string) => boolean,
): Promise<string[]> {
	const records = await readTopic(log, topic, (all) => all.length >= count);
	return records
		.map(
			({ partition, offset, value }) =>
				`${partition}/${offset}${isBad(String(value)) ? " refused" : ""}`,
		)
		.sort();
}
