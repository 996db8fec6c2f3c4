/**
 * Checks SPEC.md against the code: its table is the fan-out's, and the tests that it names exist.
 * `UPDATE_SPEC=1` writes the table.
 */
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import {
	CLIENT_EVENTS,
	CLIENT_STATES,
	CLIENT_TABLE,
	nextClientState,
} from "../src/fanout/client-state.ts";

const file = (path: string) =>
	fileURLToPath(
		new URL(
			path.startsWith("tests/") ? `../../../${path}` : `../${path}`,
			import.meta.url,
		),
	);
const SPEC = file("SPEC.md");
const spec = readFileSync(SPEC, "utf8");
const BEGIN =
	"<!-- table: generated from src/fanout/client-state.ts by test/spec.test.ts -->\n";
const END = "<!-- /table -->";
/** Tests that SPEC.md names now, or a few less. */
const NAMES_MIN = 20;

const table = [
	["", ...CLIENT_EVENTS],
	["---", ...CLIENT_EVENTS.map(() => "---")],
	...CLIENT_STATES.map((state) => [
		`**${state}**`,
		...CLIENT_EVENTS.map((event) => CLIENT_TABLE[state][event] ?? "-"),
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
		// The columns of the file may be aligned.
		const plain = (text = "") =>
			text.replace(/ +/g, " ").replace(/-{3,}/g, "---").trim();
		expect(plain(written)).toBe(plain(table));
	});

	test("explains every state and event", () => {
		for (const name of [...CLIENT_STATES, ...CLIENT_EVENTS])
			expect(spec).toMatch(new RegExp(`^\\| ${name} +\\| \\S`, "m"));
	});

	test("names tests that exist", () => {
		let names = 0;
		for (const [, path = "", listed = ""] of spec
			.replace(/\s+/g, " ")
			.matchAll(/`(tests?\/[\w/.-]+\.ts)`((?:,? ?"[^"]+")*)/g)) {
			expect(existsSync(file(path)), path).toBe(true);
			if (listed === "") continue;
			const text = readFileSync(file(path), "utf8").replace(/\s+/g, " ");
			for (const [, name = ""] of listed.matchAll(/"([^"]+)"/g)) {
				expect(text, path).toContain(`"${name}"`);
				names++;
			}
		}
		expect(names).toBeGreaterThan(NAMES_MIN);
	});
});

describe("a client's state", () => {
	test("is defined, or an error, for every event", () => {
		for (const state of CLIENT_STATES)
			for (const event of CLIENT_EVENTS) {
				const next = CLIENT_TABLE[state][event];
				if (next === null)
					expect(() => nextClientState(state, event)).toThrow(state);
				else expect(nextClientState(state, event)).toBe(next);
			}
	});

	test("once closed stays closed; every state can end, and be restarted", () => {
		for (const event of CLIENT_EVENTS)
			expect(nextClientState("closed", event)).toBe("closed");
		for (const state of CLIENT_STATES) {
			expect(nextClientState(state, "ended")).toBe("closed");
			if (state !== "closed")
				expect(nextClientState(state, "restarted")).toBe("catching-up");
		}
	});

	test("live is reached only from catching-up, by arriving", () => {
		for (const state of CLIENT_STATES)
			for (const event of CLIENT_EVENTS)
				if (CLIENT_TABLE[state][event] === "live")
					expect(`${state} ${event}`).toBe("catching-up arrived");
	});
});
