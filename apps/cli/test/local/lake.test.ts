/** The lake as parts of the local system: only if it is on. */
import { expect, test } from "vitest";
import { checkLake, lakeAsked } from "../../src/commands/choose.ts";
import { requireLake } from "../../src/local/lake/lake-variables.ts";
import { PART_NAMES } from "../../src/local/part-names.ts";
import { stoppedTables } from "../../src/local/part-probes.ts";
import { partVariables } from "../../src/local/settings.ts";
import { partDefinitions } from "../../src/local/supervisor/parts.ts";
import { checkPorts } from "../../src/preflight/ports.ts";
import { stateFolder } from "../../src/project.ts";
import { parseAll } from "../../src/settings.ts";

const ON = { FIREWORKS_LAKE: "on", FIREWORKS_STATE_DIR: "/nowhere" };

const definitions = (env: Record<string, string>) =>
	partDefinitions({
		settings: parseAll(env),
		env,
		folder: stateFolder("/nowhere"),
		java: { path: "java", version: 21 } as never,
	}).map(({ name, ports }) => [name, ports]);

test("without it there is no part and no variable of it", async () => {
	expect(definitions({}).map(([name]) => name)).toEqual(PART_NAMES);
	const variables = await partVariables({}, parseAll({}));
	expect(Object.keys(variables).join()).not.toContain("LAKE");
});

test("with it two parts are started last, each on its port, with tables in the state folder", async () => {
	expect(definitions(ON).slice(-2)).toEqual([
		["lake", { http: 8085 }],
		["lake-query", { http: 8086 }],
	]);
	expect(await partVariables(ON, parseAll(ON))).toMatchObject({
		FIREWORKS_LAKE: "on",
		FIREWORKS_LAKE_DIR: "/nowhere/lake",
		FIREWORKS_LAKE_PORT: "8085",
		FIREWORKS_LAKE_QUERY_PORT: "8086",
	});
});

test("a folder of one's own is relative to the user's folder", async () => {
	const env = { ...ON, FIREWORKS_LAKE_DIR: "tables" };
	expect(await partVariables(env, parseAll(env))).toMatchObject({
		FIREWORKS_LAKE_DIR: `${process.cwd()}/tables`,
	});
});

test("its ports are checked with the others", async () => {
	const env = { ...ON, FIREWORKS_LAKE_PORT: "8082" };
	await expect(partVariables(env, parseAll(env))).rejects.toThrow(
		"FIREWORKS_PROCESSOR_PORT and FIREWORKS_LAKE_PORT are both 8082",
	);
	const findings = await checkPorts(parseAll({ ...ON }), undefined, ["lake"]);
	expect(findings.map(({ check }) => check)).toEqual(["port 8085"]);
});

test.each([
	[true, {}, true],
	[false, {}, undefined],
	[false, { FIREWORKS_LAKE: "on" }, true],
	[false, { FIREWORKS_LAKE: "off" }, false],
])("--lake %s and %o ask for %s", (option, env, asked) => {
	expect(lakeAsked(option, env)).toBe(asked);
});

test("other targets refuse it; a system that runs without it says what to do", () => {
	expect(() => checkLake("kind", true)).toThrow("for the local system");
	expect(() => checkLake("kind", undefined)).not.toThrow();
	expect(() => requireLake({ parts: [] })).toThrow(
		"`fireworks up --local --lake`",
	);
});

test("tables that do not follow their streams are named, and any other answer names none", () => {
	const table = (n: number, error: string | null) => ({
		table: `t${n}`,
		state: error === null ? "reading" : "stopped",
		error,
	});
	expect(
		stoppedTables({ tables: [table(1, null), table(2, "no\nroom")] }),
	).toEqual(["the table t2 is stopped: no\\nroom"]);
	const many = Array.from({ length: 9 }, (_, n) => table(n, "x"));
	expect(stoppedTables({ tables: many })).toHaveLength(6);
	expect(stoppedTables({ tables: many }).at(-1)).toBe("… and 4 more tables");
	for (const other of [undefined, null, {}, { tables: "x" }, { tables: [1] }])
		expect(stoppedTables(other)).toEqual([]);
});
