/** Every value that a column can have comes back, with bounds that hold; others are refused. */
import { expect, test } from "vitest";
import {
	type Cell,
	type Column,
	openReader,
	openTable,
	type Rows,
	RowsError,
} from "../src/index.ts";
import { lakeFolder, owner, query } from "./lake-folder.ts";
import { definition, START } from "./rows.ts";

const columns: Column[] = [
	{ name: "time", type: "timestamptz", required: false },
	{ name: "yes", type: "boolean", required: false },
	{ name: "i", type: "int", required: false },
	{ name: "l", type: "long", required: false },
	{ name: "f", type: "float", required: false },
	{ name: "d", type: "double", required: false },
	{ name: 'a "text"', type: "string", required: false },
];

/** Before 1970, too; and a row without any value. */
const rows: Rows = {
	count: 3,
	columns: [
		[-1n, START, null],
		[false, true, null],
		[-(2 ** 31), 2 ** 31 - 1, null],
		[-(2n ** 63n), 2n ** 63n - 1n, null],
		[-0.5, Number.POSITIVE_INFINITY, null],
		[Number.NaN, 1e-300, null],
		["it's", "ü \u{1f600}", null],
	],
};

test("values, nulls and times before 1970", async () => {
	const { location } = lakeFolder();
	const table = await openTable(location, definition({ columns }), owner());
	expect((await table.commit(rows, new Map([[0, 3]]))).files).toBe(3);
	await table.close();
	const reader = openReader(location);
	const snapshot = await reader.snapshot("measurements");
	if (snapshot === undefined) throw new Error("there is no table");
	const found = await query(
		`SELECT * REPLACE (epoch_us(time) AS time, f::VARCHAR AS f, d::VARCHAR AS d) FROM ${reader.relation(snapshot)} ORDER BY time`,
	);
	expect(found.map((row) => Object.values(row))).toEqual([
		["-1", false, -(2 ** 31), "-9223372036854775808", "-0.5", "nan", "it's"],
		[
			String(START),
			true,
			2 ** 31 - 1,
			"9223372036854775807",
			"inf",
			"1e-300",
			"ü \u{1f600}",
		],
		[null, null, null, null, null, null, null],
	]);
	const bounds = snapshot.files.map((file) => ({
		time: file.timeMin,
		l: file.lower.get("l"),
		d: file.upper.get("d"),
	}));
	expect(bounds).toContainEqual({ time: -1, l: -(2n ** 63n), d: undefined });
	expect(bounds).toContainEqual({
		time: Number(START / 1000n),
		l: 2n ** 63n - 1n,
		d: 1e-300,
	});
	expect(bounds).toContainEqual({
		time: undefined,
		l: undefined,
		d: undefined,
	});
});

test.each<[string, Cell]>([
	["i", 1.5],
	["i", 2 ** 31],
	["i", 1n],
	["l", 0.5],
	["l", 2n ** 63n],
	["time", Number.NaN],
	["time", "2026-01-01"],
	["yes", 1],
	["d", "1"],
	['a "text"', 5],
])("column %s does not take %s", async (name, wrong) => {
	const { location } = lakeFolder();
	const table = await openTable(location, definition({ columns }), owner());
	const row = columns.map((column) => [column.name === name ? wrong : null]);
	await expect(
		table.commit({ count: 1, columns: row }, new Map([[0, 1]])),
	).rejects.toThrow(RowsError);
	expect(table.positions.size).toBe(0);
	await table.close();
	expect((await openReader(location).snapshot("measurements"))?.rows).toBe(0);
});

test("rows of the wrong shape, without a required value, or that go back are refused", async () => {
	const { location } = lakeFolder();
	const required = columns.map((column) => ({
		...column,
		required: column.name === "d",
	}));
	const table = await openTable(
		location,
		definition({ columns: required }),
		owner(),
	);
	const row = (d: Cell) =>
		columns.map((column) => [column.name === "d" ? d : null]);
	const refused = (columnsOfRows: Cell[][], count: number, position: number) =>
		expect(
			table.commit({ count, columns: columnsOfRows }, new Map([[0, position]])),
		).rejects.toThrow(RowsError);
	await refused(row(null), 1, 1);
	await refused(row(1).slice(1), 1, 1);
	await refused(row(1), 2, 2);
	await table.commit({ count: 1, columns: row(1) }, new Map([[0, 9]]));
	await refused(row(1), 1, 8);
	await table.close();
	expect((await openReader(location).snapshot("measurements"))?.rows).toBe(1);
});
