/** `fireworks new`. The tests of the templates run where the templates are. */
import { cpSync, existsSync, mkdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "@fireworks/programs";
import { beforeEach, expect, test, vi } from "vitest";
import { newPipeline, TEMPLATES } from "../../src/commands/new-pipeline.ts";
import { tempFolder } from "../support/temp.ts";

const parent = tempFolder();
let root = "";
let clones = 0;
const printed = vi.spyOn(console, "log").mockImplementation(() => {});
beforeEach(() => {
	root = join(parent, String(clones++));
	mkdirSync(join(root, "pipelines"), { recursive: true });
	const templates = "packages/pipeline/templates";
	cpSync(join(ROOT, templates), join(root, templates), { recursive: true });
});

test.for(TEMPLATES)(
	"%s: its own name in every place, and a test",
	(template) => {
		expect(newPipeline("my-sensors", template, root)).toBe(0);
		const folder = join(root, "pipelines/my-sensors");
		const streams = readFileSync(join(folder, "streams.ts"), "utf8");
		expect(streams).toContain('name: "my-sensors-readings"');
		expect(readFileSync(join(folder, "pipeline.ts"), "utf8")).toContain(
			'name: "my-sensors"',
		);
		expect(existsSync(join(folder, "test/pipeline.test.ts"))).toBe(true);
		for (const [text] of printed.mock.calls)
			expect(text).toContain("pipelines/my-sensors/streams.ts");
		expect(printed.mock.lastCall?.[0].includes("--ingest")).toBe(
			template === "http-in",
		);
	},
);

test("a folder that exists is never written to", () => {
	mkdirSync(join(root, "pipelines/taken"));
	expect(() => newPipeline("taken", "map", root)).toThrow("exists already");
	expect(existsSync(join(root, "pipelines/taken/streams.ts"))).toBe(false);
});

test.for(["", "Upper", "kafka", "a/b", "..", "a-", "é", "x".repeat(41)])(
	"%j is no name",
	(name) => {
		expect(() => newPipeline(name, "map", root)).toThrow(
			"cannot be the name of a pipeline",
		);
	},
);
