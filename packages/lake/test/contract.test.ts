/** What the lake promises, on every kind of catalog. */
import { describe, expect, test } from "vitest";
import { openCatalog } from "../src/catalog/open-catalog.ts";
import {
	type Column,
	FencedError,
	openReader,
	openTable,
	SchemaError,
} from "../src/index.ts";
import { CATALOGS } from "./catalogs.ts";
import { countRows, exactly } from "./exact-rows.ts";
import { foreignCompaction } from "./foreign-program.ts";
import { owner, query } from "./lake-folder.ts";
import { COLUMNS, definition, rowsOf, START } from "./rows.ts";

describe.each(CATALOGS)("$kind", ({ open }) => {
	const opened = async () => {
		const { location, prefix } = await open();
		const name = `${prefix}measurements`;
		const reopen = (change: object = {}) =>
			openTable(location, definition({ name, ...change }), owner());
		return { location, name, prefix, reopen };
	};

	test("a table that does not exist has no snapshot", async () => {
		const { location, prefix } = await opened();
		const reader = openReader(location);
		expect(await reader.snapshot(`${prefix}absent`)).toBeUndefined();
		expect(await reader.list()).not.toContain(`${prefix}absent`);
	});

	test("a table without rows can be read", async () => {
		const { location, name, reopen } = await opened();
		const table = await reopen();
		await table.close();
		const reader = openReader(location);
		const snapshot = await reader.snapshot(name);
		expect(snapshot).toMatchObject({
			snapshotId: undefined,
			rows: 0,
			files: [],
			timeColumn: "time",
		});
		if (snapshot === undefined) throw new Error("there is no table");
		expect(
			await query(
				`SELECT count(*)::INT n FROM ${reader.relation(snapshot)} WHERE value > 0`,
			),
		).toEqual([{ n: 0 }]);
		expect(await reader.list()).toContain(name);
	});

	test("positions go on where the last owner ended", async () => {
		const { location, name, reopen } = await opened();
		for (let from = 0; from < 30; from += 10) {
			const table = await reopen();
			expect(table.positions.get(0) ?? 0).toBe(from);
			await table.commit(rowsOf(0, from, 10), new Map([[0, from + 10]]));
			await table.close();
		}
		expect(await countRows(location, name)).toEqual(exactly({ 0: 30 }));
	});

	test("positions without rows are committed", async () => {
		const { location, name, reopen } = await opened();
		const table = await reopen();
		await table.commit(rowsOf(0, 0, 10), new Map([[0, 10]]));
		await table.commit(
			rowsOf(0, 0, 0),
			new Map([
				[0, 17],
				[1, 4],
			]),
		);
		await table.close();
		const { positions, rows } = await countRows(location, name);
		expect(positions).toEqual({ 0: 17, 1: 4 });
		expect(rows["0"]?.rows).toBe(10);
	});

	test("another owner is fenced, another program is not", async () => {
		const { location, name, reopen } = await opened();
		const first = await reopen();
		const second = await reopen();
		await second.commit(rowsOf(0, 0, 10), new Map([[0, 10]]));
		await foreignCompaction(openCatalog(location), name);
		await expect(
			first.commit(rowsOf(0, 0, 5), new Map([[0, 5]])),
		).rejects.toThrow(FencedError);
		await second.commit(rowsOf(0, 10, 10), new Map([[0, 20]]));
		await first.close();
		await second.close();
		expect(await countRows(location, name)).toEqual(exactly({ 0: 20 }));
	});

	test("columns are added, widened and made optional; old rows have no value", async () => {
		const { location, name, reopen } = await opened();
		const table = await reopen();
		await table.commit(rowsOf(0, 0, 10), new Map([[0, 10]]));
		const wider: Column[] = [
			...COLUMNS.filter(
				(column) =>
					column.name !== "device" && column.name !== "kafka_partition",
			),
			{ name: "kafka_partition", type: "long", required: true },
			{ name: "unit", type: "string", required: true },
		];
		await table.evolve(wider);
		expect(
			table.columns.map((column) => [
				column.name,
				column.type,
				column.required,
			]),
		).toEqual([
			["device", "string", false],
			["time", "timestamptz", true],
			["value", "double", false],
			["kafka_partition", "long", true],
			["kafka_offset", "long", true],
			["unit", "string", false],
		]);
		await table.evolve(wider);
		const { columns, count } = rowsOf(0, 10, 10);
		const units = columns[0]?.map(() => "m/s") ?? [];
		const nulls = units.map(() => null);
		await table.commit(
			{ count, columns: [nulls, ...columns.slice(1), units] },
			new Map([[0, 20]]),
		);
		await table.close();
		const reader = openReader(location);
		const snapshot = await reader.snapshot(name);
		if (snapshot === undefined) throw new Error("there is no table");
		expect(
			await query(
				`SELECT unit, count(device)::INT d, min(kafka_offset)::INT o, typeof(any_value(kafka_partition)) t FROM ${reader.relation(snapshot)} GROUP BY 1 ORDER BY o`,
			),
		).toEqual([
			{ unit: null, d: 10, o: 0, t: "BIGINT" },
			{ unit: "m/s", d: 0, o: 10, t: "BIGINT" },
		]);
		expect(
			snapshot.files.map(({ upper }) => upper.get("kafka_partition")),
		).toEqual([0, 0]);
	});

	test("columns that do not fit are named, and nothing changes", async () => {
		const { reopen } = await opened();
		const table = await reopen();
		const wrong = COLUMNS.map((column) => ({
			...column,
			type:
				column.name === "value"
					? ("string" as const)
					: column.name === "device"
						? ("long" as const)
						: column.type,
		}));
		const failure = table.evolve(wrong);
		await expect(failure).rejects.toThrow(SchemaError);
		await expect(failure).rejects.toMatchObject({
			problems: [
				"column device is string and cannot become long",
				"column value is double and cannot become string",
			],
		});
		expect(
			table.columns.map(({ name, type, required }) => ({
				name,
				type,
				required,
			})),
		).toEqual(COLUMNS);
		await table.close();
	});

	test("files of merged commits keep the rows, also of older columns", async () => {
		const { location, name } = await opened();
		const table = await openTable(
			location,
			definition({ name }),
			owner({ maintenance: { planEveryCommits: 10, graceMs: 0 } }),
		);
		for (let from = 0; from < 100; from += 10)
			await table.commit(rowsOf(0, from, 10), new Map([[0, from + 10]]));
		await table.evolve([
			...COLUMNS,
			{ name: "unit", type: "string", required: false },
		]);
		expect((await table.maintain()).filesRewritten).toBe(10);
		await table.close();
		expect(await countRows(location, name)).toEqual(exactly({ 0: 100 }));
		const snapshot = await openReader(location).snapshot(name);
		expect(
			snapshot?.files.map(({ rows, timeMin, timeMax }) => ({
				rows,
				timeMin,
				timeMax,
			})),
		).toEqual([
			{
				rows: 100,
				timeMin: Number(START / 1000n),
				timeMax: Number(START / 1000n) + 99_000,
			},
		]);
	});

	test("a topic that was made again gets another table, the one before keeps its rows", async () => {
		const { location, name, reopen } = await opened();
		for (const topicId of ["a", "b", "c"]) {
			const table = await reopen({ topicId });
			expect(table.positions.size).toBe(0);
			await table.commit(rowsOf(0, 0, 5), new Map([[0, 5]]));
			await table.close();
		}
		for (const each of [name, `${name}__1`, `${name}__2`])
			expect(await countRows(location, each)).toEqual(exactly({ 0: 5 }));
	});
});
