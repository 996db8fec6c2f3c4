import { expect, test } from "vitest";
import { viewNames } from "../../src/sql/view-names.ts";

const names = (...tables: string[]) =>
	Object.fromEntries(
		[...viewNames(tables).values()].map(({ view, table }) => [view, table]),
	);

test("a table has its own name, and one that needs no quotes", () => {
	expect(names("a", "b-c.d")).toEqual({
		a: "a",
		"b-c.d": "b-c.d",
		b_c_d: "b-c.d",
	});
});

test("a name that two tables could have belongs to the one that is called so, or to none", () => {
	expect(names("a-b", "a_b")).toEqual({ "a-b": "a-b", a_b: "a_b" });
	expect(names("a-b", "a.b")).toEqual({ "a-b": "a-b", "a.b": "a.b" });
	expect(names("a-b", "a.b", "a.B-c")).toEqual({
		"a-b": "a-b",
		"a.b": "a.b",
		"a.B-c": "a.B-c",
		a_B_c: "a.B-c",
	});
});

test("SQL does not tell capital letters: the first of two tables has the name", () => {
	expect(names("A", "a")).toEqual({ A: "A" });
});
