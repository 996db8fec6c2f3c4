import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
	checkNamed,
	findPipelines,
	PIPELINES_MAX,
	toStart,
} from "../../../src/local/pipelines/find.ts";
import { tempFolder } from "../../support/temp.ts";

const root = tempFolder();
let made = 0;

/** A clone with these folders: the text of package.json, or the files that are there. */
function clone(folders: Record<string, string | string[]>): string {
	made += 1;
	const path = join(root, String(made));
	for (const [name, files] of Object.entries(folders)) {
		const folder = join(path, "pipelines", name);
		mkdirSync(folder, { recursive: true });
		if (typeof files === "string") {
			writeFileSync(join(folder, "pipeline.ts"), "");
			writeFileSync(join(folder, "package.json"), files);
		} else for (const file of files) writeFileSync(join(folder, file), "{}");
	}
	return path;
}
const both = ["pipeline.ts", "package.json"];

test("folders with both files are pipelines, in the order of their names", () => {
	const { pipelines, refused } = findPipelines(
		clone({ b: both, a1: "{}", ".hidden": both, left: ["old.log"] }),
	);
	expect(pipelines.map(({ name, onlyIfNamed }) => [name, onlyIfNamed])).toEqual(
		[
			["a1", false],
			["b", false],
		],
	);
	expect(refused).toEqual([]);
});

test("a clone without the folder has none", () => {
	expect(findPipelines(join(root, "nowhere"))).toEqual({
		pipelines: [],
		refused: [],
	});
});

test.each([
	["Upper", both, /must be 1 to 40 of a-z/],
	["a_b", both, /must be 1 to 40 of a-z/],
	["-a", both, /must be 1 to 40 of a-z/],
	["a".repeat(41), both, /must be 1 to 40 of a-z/],
	["kafka", both, /a part of the system is named kafka/],
	["processor-python", both, /a part of the system is named/],
	["supervisor", both, /a part of the system is named/],
	["a", ["package.json"], /has no pipeline.ts/],
	["a", "{", /package.json cannot be read/],
	["a", '{"fireworks":{"start":"never"}}', /must be "always" or "if-named"/],
])("refused: %s with %s", (name, files, reason) => {
	const { pipelines, refused } = findPipelines(clone({ [name]: files }));
	expect(pipelines).toEqual([]);
	expect(refused).toEqual([
		{ folder: `pipelines/${name}`, reason: expect.stringMatching(reason) },
	]);
});

test("more than the limit are refused, each by its name", () => {
	const names = Array.from({ length: PIPELINES_MAX + 1 }, (_, i) => `p${i}`);
	const { pipelines, refused } = findPipelines(
		clone(Object.fromEntries(names.map((name) => [name, both]))),
	);
	expect([pipelines.length, refused.length]).toEqual([PIPELINES_MAX, 1]);
});

test("one that says so starts only if it is named", () => {
	const found = findPipelines(
		clone({
			a: '{"fireworks":{"start":"always"}}',
			b: '{"fireworks":{"start":"if-named"}}',
			kafka: both,
		}),
	);
	const names = (named: string[]) =>
		toStart(found, named).map(({ name }) => name);
	expect(names([])).toEqual(["a"]);
	expect(names(["b", "removed"])).toEqual(["a", "b"]);
	expect(() => checkNamed(found, ["a", "b"])).not.toThrow();
	expect(() => checkNamed(found, ["moon"])).toThrow(
		'There is no pipeline "moon": a, b.',
	);
	expect(() => checkNamed(found, ["kafka"])).toThrow(
		'The pipeline "kafka" cannot be started: a part of the system',
	);
});

test("this clone's own: the built-in example starts, the one to copy only if it is named", () => {
	const found = findPipelines();
	expect(found.refused).toEqual([]);
	expect(toStart(found, []).map(({ name }) => name)).toContain("wiener");
	expect(found.pipelines.find(({ name }) => name === "weather")).toMatchObject({
		onlyIfNamed: true,
	});
});
