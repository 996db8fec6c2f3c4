import { expect, test } from "vitest";
import { inferText } from "../../src/infer/text-column.ts";

const infer = (values: unknown[], decimal?: "." | ",") =>
	inferText(values, { decimal, missing: new Set() });

test.each([
	[["1", "-2.5", ".5", "1e3"], { kind: "number", decimal: "." }],
	[["1,5", "2", "-3,25"], { kind: "number", decimal: "," }],
	[["9007199254740993", "1"], { kind: "int64" }],
	[["true", "FALSE"], { kind: "boolean" }],
	[["2026-01-31T00:00:00Z"], { kind: "time", format: { kind: "iso" } }],
	[["2026-01-31 12:00"], { kind: "time", format: { kind: "iso" } }],
	[
		["13/04/2021", "03/04/2021"],
		{ kind: "time", format: { kind: "ordered", order: "dmy" } },
	],
	[
		["4/13/2021 6:00 PM"],
		{ kind: "time", format: { kind: "ordered", order: "mdy" } },
	],
	[["2021/04/03"], { kind: "time", format: { kind: "ordered", order: "ymd" } }],
	[
		["03/04/2021"],
		{ kind: "time", format: { kind: "ordered", order: undefined } },
	],
	[["00.00.00", "01.00.00"], { kind: "clock" }],
	[["007", "008"], { kind: "text" }],
	[["1,234", "5,678"], { kind: "text" }],
	[["rain", "sun"], { kind: "text" }],
	[[null, ""], { kind: "text" }],
])("%j", (values, type) => {
	expect(infer(values).type).toEqual(type);
});

test("texts that mean missing do not make a column of numbers a column of texts", () => {
	expect(infer(["1", "NA", "", "2", "N/A", "null"])).toMatchObject({
		type: { kind: "number" },
		present: 2,
		unfit: 0,
	});
});

test("values that do not fit are counted, as they will be refused", () => {
	expect(infer(["1", "2", "3", "4", "5", "x"])).toMatchObject({
		type: { kind: "number" },
		unfit: 1,
	});
	expect(infer(["1", "x", "y"]).type.kind).toBe("text");
});

test("-200 among small numbers is suspicious; a least value among many is not", () => {
	expect(infer(["1.5", "2", "-200", "1.7", "-200"]).suspicious).toBe("-200");
	expect(infer(["-150", "-200", "-180", "-200"]).suspicious).toBeUndefined();
	expect(infer(["1.5", "2", "-200"]).suspicious).toBeUndefined();
});

test("--decimal decides what 1,234 is", () => {
	expect(infer(["1,234"], ",").type).toEqual({ kind: "number", decimal: "," });
});
