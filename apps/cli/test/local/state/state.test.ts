import { mkdirSync, readdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
	readState,
	type SystemState,
	writeState,
} from "../../../src/local/state/state.ts";
import { tempFolder } from "../../support/temp.ts";

const dir = tempFolder();
const state: SystemState = {
	version: 1,
	target: "local",
	phase: "ready",
	problem: null,
	problemPart: null,
	page: "http://localhost:3000",
	startedAt: 5,
	supervisor: { pid: 1, startTime: "x" },
	settings: { FIREWORKS_SEED: "7" },
	parts: [
		{
			name: "kafka",
			state: "running",
			process: { pid: 2, startTime: "y" },
			restarts: 0,
			ports: { kafka: 9092 },
			lastError: null,
			since: 6,
		},
	],
};

test("what was written is read, and nothing else is left behind", () => {
	const file = join(dir, "deep", "state.json");
	writeState(file, state);
	writeState(file, { ...state, phase: "stopping" });
	expect(readState(file)).toEqual({ ...state, phase: "stopping" });
	expect(readdirSync(join(dir, "deep"))).toEqual(["state.json"]);
});

test("no file: nothing was started", () => {
	expect(readState(join(dir, "none.json"))).toBeUndefined();
});

test.each([
	["half", JSON.stringify(state).slice(0, 50)],
	["another version", JSON.stringify({ ...state, version: 2 })],
	[
		"a part of another kind",
		JSON.stringify({ ...state, parts: [{ name: "x" }] }),
	],
	["empty", ""],
])(
	"a broken file (%s) is one clear error that says what to do",
	(name, text) => {
		const file = join(dir, `${name}.json`);
		writeFileSync(file, text);
		expect(() => readState(file)).toThrow(
			expect.objectContaining({
				name: "CliError",
				exitCode: 78,
				message: expect.stringMatching(/What to do/),
			}),
		);
	},
);

test("a folder in the file's place is an error too", () => {
	mkdirSync(join(dir, "folder.json"));
	expect(() => readState(join(dir, "folder.json"))).toThrow(/cannot be read/);
});
