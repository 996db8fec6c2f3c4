/** The SQL view without a browser: its address, the CSV of an answer, and its chart. */
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { Ink } from "../src/chart/layout.ts";
import { parseExactly } from "../src/lake/lake-api.ts";
import { answerCsv } from "../src/sql/answer-csv.ts";
import { answerFigure } from "../src/sql/answer-figure.ts";
import {
	ADDRESS_MAX,
	ANSWER_CHARTS,
	firstRowsOf,
	readSqlView,
	writeSqlView,
} from "../src/sql/sql-view.ts";

const INK = { theme: "light", grid: "#eee" } as Ink;
const SIZE = { width: 800, height: 400 };
const named = (...names: string[]) =>
	names.map((name) => ({ name, type: "VARCHAR" }));

describe("the address", () => {
	it("gives back every query and chart", () => {
		fc.assert(
			fc.property(
				fc.string({ unit: "grapheme", minLength: 1, maxLength: 200 }),
				fc.constantFrom(...ANSWER_CHARTS),
				(sql, chart) => {
					const address = writeSqlView({ sql, chart });
					expect(readSqlView(address ?? "")).toEqual({ sql, chart });
				},
			),
		);
	});

	it("is empty without a query, and has none that is too long for servers", () => {
		expect(writeSqlView({ sql: "", chart: "bar" })).toBe("");
		const sql = "é".repeat(ADDRESS_MAX / 6);
		expect(writeSqlView({ sql, chart: "none" })).toBeUndefined();
		expect(readSqlView("?q=SELECT+1&chart=pie")).toEqual({
			sql: "SELECT 1",
			chart: "none",
		});
	});

	it("a table's name is quoted in the query of its first rows", () => {
		expect(firstRowsOf('my "own"-table')).toBe(
			'SELECT * FROM "my ""own""-table" LIMIT 100',
		);
	});
});

describe("the CSV", () => {
	const csv = (...rows: Parameters<typeof answerCsv>[0]["rows"]) =>
		[...answerCsv({ columns: named("a", 'b,"c"'), rows })].join("");

	it("quotes what needs it, tells null from an empty text, and has no formulas", () => {
		expect(
			csv(
				["plain", null],
				["", 'say "x"\n'],
				["=1+1", -1.5],
				[["x", 1], { y: true }],
				[true, 1e-300],
			),
		).toBe(
			'a,"b,""c"""\r\nplain,\r\n"","say ""x""\n"\r\n\'=1+1,-1.5\r\n"[""x"",1]","{""y"":true}"\r\ntrue,1e-300\r\n',
		);
	});

	it("has all digits of integers beyond 2^53, also as numbers of the answer", () => {
		const rows = parseExactly(
			'[["-9007199254740993", 9007199254740993],[-1, 0.1]]',
		) as string[][];
		expect(csv(...rows)).toContain(
			"-9007199254740993,9007199254740993\r\n-1,0.1\r\n",
		);
	});
});

describe("the chart", () => {
	const figure = (rows: Parameters<typeof answerFigure>[0]["rows"]) =>
		answerFigure({ columns: named("x", "y", "z"), rows }, "line", SIZE, INK);

	it("has a line for each further column with numbers, over times", () => {
		const made = figure([
			["2026-03-01T00:00:00.000Z", 1, "no"],
			["2026-03-01 12:00:00", null, "no"],
			["2026-03-02T00:00:00+00", "9007199254740993", "no"],
		]);
		if ("why" in made) throw new Error(made.why);
		const midnight = Date.UTC(2026, 2, 1);
		expect(made.data).toHaveLength(1);
		expect(made.data[0]).toMatchObject({
			x: [0, 12, 24].map((hours) => midnight + hours * 3_600_000),
			y: [1, null, 2 ** 53],
		});
		expect(made.layout.xaxis?.tickvals?.length).toBeLessThan(12);
	});

	it("takes numbers and names as x, and names are no HTML", () => {
		const numbers = figure([
			[1, 2, 3],
			[2, 3, 4],
		]);
		if ("why" in numbers) throw new Error(numbers.why);
		expect(numbers.data.map(({ name }) => name)).toEqual(["y", "z"]);
		expect(numbers.layout.showlegend).toBe(true);
		const names = figure([["<b>", 1, null]]);
		if ("why" in names) throw new Error(names.why);
		expect(names.data[0]).toMatchObject({ x: ["&lt;b>"] });
		expect(names.layout.xaxis?.type).toBe("category");
	});

	it("says what is missing", () => {
		expect(figure([])).toEqual({ why: "The answer has no rows." });
		expect(figure([["a", "b", "c"]])).toMatchObject({
			why: expect.stringContaining("second column"),
		});
	});
});
