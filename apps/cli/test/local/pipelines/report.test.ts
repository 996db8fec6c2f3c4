import { mkdirSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
	absentLines,
	finishedLines,
	problemLines,
} from "../../../src/local/pipelines/report.ts";
import { sourcesOf } from "../../../src/local/pipelines/sources.ts";
import { stateFolder } from "../../../src/project.ts";
import { tempFolder } from "../../support/temp.ts";

const root = tempFolder();
const folder = join(root, "pipelines/rain");
mkdirSync(join(folder, "test"), { recursive: true });
writeFileSync(join(folder, "pipeline.ts"), "1");
const state = stateFolder(join(root, "state"));
mkdirSync(state.logs, { recursive: true });

const found = {
	pipelines: [{ name: "rain", folder, onlyIfNamed: false }],
	refused: [{ folder: "pipelines/X", reason: "rename it" }],
};
const rain = () => ({
	name: "rain",
	state: "running" as const,
	process: { pid: 5, startTime: "x" },
	restarts: 0,
	ports: {},
	lastError: null as string | null,
	since: 1,
	pipeline: { sources: sourcesOf(folder) },
});

test("one that runs as its folder is, and a part of the system, need no line", () => {
	const { pipeline: _, ...kafka } = { ...rain(), name: "kafka" };
	expect(problemLines(state, found, [rain(), kafka])).toEqual([]);
	expect(finishedLines([rain()])).toEqual([]);
	expect(finishedLines([{ ...rain(), finished: true }])).toEqual([
		expect.stringContaining("rain has only streams"),
	]);
});

test("failed: the reason and the last lines of its log, cut", () => {
	writeFileSync(
		join(state.logs, "rain.log"),
		`${Array.from({ length: 20 }, (_, i) => `line ${i}`).join("\n")}\n${"x".repeat(999)}\n`,
	);
	const part = { ...rain(), state: "failed" as const, lastError: "a typo" };
	const lines = problemLines(state, found, [part]);
	expect(lines[0]).toBe(
		"rain failed; `fireworks restart rain` tries again: a typo",
	);
	expect(lines.slice(1, 8)).toEqual(
		[13, 14, 15, 16, 17, 18, 19].map((i) => `  line ${i}`),
	);
	expect(lines[8]?.length).toBeLessThan(250);
	expect(lines).toHaveLength(9);
});

test("a changed, added or removed file is a change; a test, a bundle or a hidden file is not", () => {
	const part = rain();
	const changed = () => problemLines(state, found, [part]).length > 0;
	writeFileSync(join(folder, "test/a.test.ts"), "");
	writeFileSync(join(folder, ".swap"), "");
	mkdirSync(join(folder, "dist"));
	writeFileSync(join(folder, "dist/main.js"), "");
	expect(changed()).toBe(false);
	writeFileSync(join(folder, "more.ts"), "");
	expect(changed()).toBe(true);
	rmSync(join(folder, "more.ts"));
	expect(changed()).toBe(false);
	utimesSync(join(folder, "pipeline.ts"), 1, 1);
	expect(problemLines(state, found, [part])).toEqual([
		expect.stringContaining("rain has changed since it was started"),
	]);
});

test("one whose folder is gone, and those that are not among the parts", () => {
	const none = { ...found, pipelines: [] };
	expect(problemLines(state, none, [rain()])).toEqual([
		"pipelines/rain is gone; rain runs on until `fireworks down`",
	]);
	expect(absentLines(found, [rain()])).toEqual([
		"pipelines/X cannot start: rename it",
	]);
	const asked = { name: "snow", folder, onlyIfNamed: true };
	expect(
		absentLines({ pipelines: [...found.pipelines, asked], refused: [] }, []),
	).toEqual([
		"rain is new: `fireworks up` starts it",
		"snow starts only if it is named: `fireworks up --pipeline snow`",
	]);
});
