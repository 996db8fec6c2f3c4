import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
	ignoredWarnings,
	parseSettings,
	REMOVED_SETTINGS,
	SETTINGS,
	type SettingName,
	SettingsError,
	unknownVariables,
	variableOf,
	withoutUnknown,
} from "../src/index.ts";

const VECTORS = JSON.parse(
	readFileSync(
		new URL("../vectors/unknown-variables.json", import.meta.url),
		"utf8",
	),
) as Record<string, string | null>;

test.each(Object.entries(VECTORS))("%s is meant as %j", (name, meant) => {
	expect(unknownVariables([name])).toEqual(
		meant === null
			? { misspelt: [], removed: [], foreign: [name] }
			: { misspelt: [{ name, meant }], removed: [], foreign: [] },
	);
});

test("no setting is unknown, and other prefixes are not ours to judge", () => {
	const names = (Object.keys(SETTINGS) as SettingName[]).map(variableOf);
	expect(unknownVariables([...names, "PATH", "FIREWORK_SEED"])).toEqual({
		misspelt: [],
		removed: [],
		foreign: [],
	});
});

test("another product's variable stops nothing; a misspelt setting stops, and its value is not shown", () => {
	const env = { FIREWORKS_API_KEY: "fw_secret" };
	expect(parseSettings(env, ["seed"])).toEqual({ seed: "0" });
	let thrown: unknown;
	try {
		parseSettings({ ...env, FIREWORKS_LOG_LEVLE: "hunter2" }, ["seed"]);
	} catch (error) {
		thrown = error;
	}
	expect(thrown).toBeInstanceOf(SettingsError);
	const { message, problems } = thrown as SettingsError;
	expect(problems).toHaveLength(1);
	expect(message).toContain("did you mean FIREWORKS_LOG_LEVEL?");
	expect(message).not.toMatch(/hunter2|fw_secret|API_KEY/);
});

test("an empty value changes nothing: only the name counts", () => {
	expect(() => parseSettings({ FIREWORKS_LOG_LEVLE: "" }, ["seed"])).toThrow(
		SettingsError,
	);
	expect(parseSettings({ FIREWORKS_API_KEY: "" }, ["seed"]).seed).toBe("0");
});

test("the warning is one line of names, and child processes get no unknown variable", () => {
	const names = ["FIREWORKS_API_KEY", "FIREWORKS_MODEL"];
	expect(ignoredWarnings(names)).toEqual([
		expect.stringMatching(
			/^FIREWORKS_API_KEY, FIREWORKS_MODEL: .*they are ignored.*$/,
		),
	]);
	const kept = { FIREWORKS_SEED: "1", PATH: "/bin" };
	expect(
		withoutUnknown({ ...kept, FIREWORKS_API_KEY: "x", FIREWORKS_SEDE: "y" }),
	).toEqual(kept);
});

test("a setting of an earlier version stops nothing, and each gets a line that says what holds now", () => {
	const env = { FIREWORKS_MIDDLEWARE_PING_MS: "1", FIREWORKS_API_KEY: "x" };
	expect(parseSettings(env, ["seed"])).toEqual({ seed: "0" });
	expect(ignoredWarnings(Object.keys(env))).toEqual([
		"FIREWORKS_MIDDLEWARE_PING_MS is no longer a setting: it is fixed at 5000 ms since 0.2",
		expect.stringContaining("FIREWORKS_API_KEY"),
	]);
	expect(withoutUnknown(env)).toEqual({});
});

test("no name is both a setting and a removed one", () => {
	const names = (Object.keys(SETTINGS) as SettingName[]).map(variableOf);
	expect(names.filter((name) => name in REMOVED_SETTINGS)).toEqual([]);
});

test("a name of any length is checked quickly", () => {
	const name = `FIREWORKS_${"A".repeat(100_000)}`;
	expect(unknownVariables([name]).foreign).toEqual([name]);
});
