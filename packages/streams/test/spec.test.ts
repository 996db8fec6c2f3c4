/**
 * Checks SPEC.md against the code: its table is the runtime's, and the tests that it names exist.
 * `UPDATE_SPEC=1` writes the table.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import {
	nextTaskState,
	TASK_EVENTS,
	TASK_STATES,
	TASK_TABLE,
} from "../src/stage/task-state.ts";

const file = (path: string) =>
	fileURLToPath(new URL(`../${path}`, import.meta.url));
const SPEC = file("SPEC.md");
const spec = readFileSync(SPEC, "utf8");
const BEGIN =
	"<!-- table: generated from src/stage/task-state.ts by test/spec.test.ts -->\n";
const END = "<!-- /table -->";

const table = [
	["", ...TASK_EVENTS],
	["---", ...TASK_EVENTS.map(() => "---")],
	...TASK_STATES.map((state) => [
		`**${state}**`,
		...TASK_EVENTS.map((event) => TASK_TABLE[state][event] ?? "-"),
	]),
]
	.map((cells) => `| ${cells.join(" | ")} |\n`)
	.join("");

describe("SPEC.md", () => {
	test("has the table of the code", () => {
		const [before, rest = ""] = spec.split(BEGIN);
		const [written, after] = rest.split(END);
		if (process.env.UPDATE_SPEC) {
			writeFileSync(SPEC, `${before}${BEGIN}${table}${END}${after}`);
			return;
		}
		// The formatter aligns the columns.
		const plain = (text = "") =>
			text.replace(/ +/g, " ").replace(/-{3,}/g, "---").trim();
		expect(plain(written)).toBe(plain(table));
	});

	test("names tests that exist", () => {
		let names = 0;
		for (const [, path = "", listed = ""] of spec
			.replace(/\s+/g, " ")
			.matchAll(/`(test\/[\w/.-]+)`((?:,? ?"[^"]+")*)/g)) {
			expect(existsSync(file(path)), path).toBe(true);
			if (listed === "") continue;
			const text = readFileSync(file(path), "utf8").replace(/\s+/g, " ");
			for (const [, name = ""] of listed.matchAll(/"([^"]+)"/g)) {
				expect(text, path).toContain(name);
				names++;
			}
		}
		expect(names).toBeGreaterThan(25);
	});
});

describe("a task's state", () => {
	test("is defined, or an error, for every event", () => {
		for (const state of TASK_STATES)
			for (const event of TASK_EVENTS) {
				const next = TASK_TABLE[state][event];
				if (next === null)
					expect(() => nextTaskState(state, event)).toThrow(state);
				else expect(nextTaskState(state, event)).toBe(next);
			}
	});

	test("once closed stays closed, and any failure closes it", () => {
		for (const event of TASK_EVENTS)
			expect(nextTaskState("closed", event)).toBe("closed");
		for (const state of TASK_STATES)
			for (const event of ["lost", "failed"] as const)
				expect(nextTaskState(state, event)).toBe("closed");
	});

	test("runs only by way of barrier and restore, or back from a rebalance", () => {
		for (const state of TASK_STATES)
			for (const event of TASK_EVENTS)
				if (TASK_TABLE[state][event] === "running")
					expect([
						"restoring restored",
						"suspended kept",
						"running kept",
					]).toContain(`${state} ${event}`);
	});
});
