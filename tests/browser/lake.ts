/**
 * A lake for tests of the page: the real query service over tables that the test writes. So the
 * test decides what the table has and what only Kafka has.
 */
import { type ChildProcess, spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import {
	type Column,
	type LakeLocation,
	type OwnedTable,
	openTable,
} from "@fireworks/lake";
import { freePort } from "@fireworks/local-kafka";
import { endWithUs } from "@fireworks/local-kafka/testing";
import { waitFor } from "../harness/wait-for.ts";

const PROGRAM = fileURLToPath(
	new URL("../../services/lake-query/src/main.ts", import.meta.url),
);
/** As the lake's writer makes them, with a column for each measure. */
const columnsFor = (measures: readonly string[]): Column[] => [
	...measures.map(
		(name): Column => ({ name, type: "double", required: false }),
	),
	{ name: "event_time", type: "timestamptz", required: true },
	{ name: "record_key", type: "string", required: false },
	{ name: "kafka_partition", type: "int", required: true },
	{ name: "kafka_offset", type: "long", required: true },
	{ name: "kafka_time", type: "timestamptz", required: false },
];

export interface LakeRow {
	key: string;
	partition: number;
	offset: number;
	/** ms since 1970 */
	time: number;
	/** By measure; the same ones in all rows of a table. */
	values: Readonly<Record<string, number | null>>;
}

export class TestLake {
	readonly #folder = mkdtempSync(join(tmpdir(), "fireworks-lake-"));
	readonly #port: number;
	readonly #tables = new Map<string, OwnedTable>();
	#service: ChildProcess | undefined;

	private constructor(port: number) {
		this.#port = port;
	}

	/** Its address is known; nothing runs yet. */
	static async create(): Promise<TestLake> {
		return new TestLake(await freePort());
	}

	get url(): string {
		return `http://127.0.0.1:${this.#port}`;
	}

	/** Waits until the query service answers. */
	async start(): Promise<void> {
		this.#service = spawn(process.execPath, [PROGRAM], {
			env: {
				PATH: process.env.PATH,
				FIREWORKS_LAKE_DIR: this.#folder,
				FIREWORKS_LAKE_QUERY_PORT: String(this.#port),
			},
			stdio: ["ignore", "ignore", "inherit"],
		});
		endWithUs(this.#service);
		await waitFor("the lake's query service", () =>
			fetch(`${this.url}/tables`).then(
				({ ok }) => ok,
				() => false,
			),
		);
	}

	/** Appends rows in one commit; position: of the rows' partition, after it. */
	async commit(
		name: string,
		rows: readonly LakeRow[],
		position: number,
	): Promise<void> {
		const measures = Object.keys(rows[0]?.values ?? {});
		const table = this.#tables.get(name) ?? (await this.#make(name, measures));
		const columns = [
			...measures.map((measure) =>
				rows.map(({ values }) => values[measure] ?? null),
			),
			rows.map(({ time }) => BigInt(time) * 1_000n),
			rows.map(({ key }) => key),
			rows.map(({ partition }) => partition),
			rows.map(({ offset }) => BigInt(offset)),
			rows.map(() => null),
		];
		const partition = rows[0]?.partition ?? 0;
		await table.commit(
			{ count: rows.length, columns },
			new Map([...table.positions, [partition, position]]),
		);
	}

	async #make(name: string, measures: readonly string[]): Promise<OwnedTable> {
		const location: LakeLocation = {
			catalog: { kind: "files", folder: this.#folder },
		};
		const table = await openTable(
			location,
			{
				name,
				columns: columnsFor(measures),
				partitionBy: { column: "event_time", per: "day" },
				topicId: `topic-of-${name}`,
			},
			{
				owner: crypto.randomUUID(),
				logger: { info: () => {}, warn: () => {} },
			},
		);
		this.#tables.set(name, table);
		return table;
	}

	async remove(): Promise<void> {
		for (const table of this.#tables.values()) await table.close();
		this.#service?.kill();
		rmSync(this.#folder, { recursive: true, force: true });
	}
}
