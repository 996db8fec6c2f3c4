/** No file imports itself through others: then each can be read and tested without the rest. */
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { linesOf, tracked } from "./tracked.ts";

const FROM = /\b(?:from|import)\s*\(?\s*"(\.\.?\/[^"]+)"/g;

const imports = new Map(
	tracked
		.filter((path) =>
			/^(apps|packages|services)\/.*\/src\/.*\.tsx?$/.test(path),
		)
		.map((path) => [
			path,
			[...linesOf(path).join("\n").matchAll(FROM)].map(([, to = ""]) =>
				join(dirname(path), to),
			),
		]),
);

/** The first circle that can be reached from any file; undefined without circles. */
function circle(graph: ReadonlyMap<string, readonly string[]>) {
	const done = new Set<string>();
	const visit = (path: string, above: string[]): string[] | undefined => {
		if (above.includes(path))
			return [...above.slice(above.indexOf(path)), path];
		if (done.has(path)) return undefined;
		done.add(path);
		for (const next of graph.get(path) ?? []) {
			const found = visit(next, [...above, path]);
			if (found !== undefined) return found;
		}
		return undefined;
	};
	for (const path of graph.keys()) {
		const found = visit(path, []);
		if (found !== undefined) return found;
	}
	return undefined;
}

test("there are files, and they import each other", () => {
	expect(imports.size).toBeGreaterThan(300);
	expect([...imports.values()].flat().length).toBeGreaterThan(500);
});

test("no circle of imports", () => {
	expect(circle(imports)?.join(" > ")).toBeUndefined();
});

test("a circle of three files is found", () => {
	const graph = new Map([
		["a", ["b", "c"]],
		["b", []],
		["c", ["d"]],
		["d", ["a"]],
	]);
	expect(circle(graph)).toEqual(["a", "c", "d", "a"]);
});
