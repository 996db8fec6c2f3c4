/**
 * The local system with its lake: the streams of the built-in example come into their tables, while
 * the writer is killed, and across `down` and `up`. The audit reads the tables.
 */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { freePort } from "@fireworks/local-kafka";
import { afterAll, beforeAll, expect, test } from "vitest";
import { System } from "../harness/system.ts";
import { waitFor, waitForValue } from "../harness/wait-for.ts";

const LAKE_PARTS = ["lake", "lake-query"];

let system: System;

beforeAll(async () => {
	system = await System.create({
		FIREWORKS_LAKE_PORT: String(await freePort()),
		FIREWORKS_LAKE_QUERY_PORT: String(await freePort()),
		FIREWORKS_LAKE_COMMIT_MS: "1000",
		FIREWORKS_METRONOME_INTERVAL_MS: "200",
	});
});
afterAll(() => system?.remove());

const sql = async (query: string) => {
	const { code, stdout, stderr } = await system.command("sql", query, "--json");
	if (code !== 0) throw new Error(stderr);
	return JSON.parse(stdout) as { rows: unknown[][] };
};

const rowsOf = async (table: string): Promise<number> =>
	Number((await sql(`select count(*) from ${table}`)).rows[0]?.[0]);

const moreRowsThan = (n: number) =>
	waitForValue(
		`more than ${n} rows of wiener`,
		() => rowsOf("wiener"),
		(now) => now > n,
	);

const megabytesOf = (pid: number | null) =>
	Math.round(
		Number(execFileSync("ps", ["-o", "rss=", "-p", String(pid)])) / 1_024,
	);

async function auditedClean(): Promise<void> {
	const { code, stdout } = await system.command("audit", "--lake", "--json");
	expect(code, stdout).toBe(0);
	const { tables, paths } = JSON.parse(stdout);
	expect(tables.wiener.compared).toBe(tables.wiener.rows);
	expect(tables.wiener.rows).toBeGreaterThan(0);
	expect(paths.counts.applied).toBeGreaterThan(0);
}

test("rows come in across kill -9, down and up; no record is lost or doubled", async () => {
	await system.up("--lake");
	const names = (await system.parts()).map(({ name }) => name);
	expect(names.slice(5)).toEqual(LAKE_PARTS);
	const first = await moreRowsThan(0);

	const before = await system.part("lake");
	process.kill(before.pid as number, "SIGKILL");
	await waitFor("the lake to run again", async () => {
		const { pid, state, restarts } = await system.part("lake");
		return state === "running" && pid !== before.pid && restarts === 1;
	});
	const afterKill = await moreRowsThan(first);

	const shown = await system.command(
		"sql",
		'select max(seq) as "top" from wiener',
	);
	expect(shown, shown.stderr).toMatchObject({ code: 0 });
	expect(shown.stdout).toMatch(/^top\n\d+\n\n1 row \(\d+ ms\)\nwiener: as of /);
	const wrong = await system.command("sql", "select nothing from nowhere");
	expect(wrong).toMatchObject({ code: 1 });
	expect(wrong.stderr).toContain("The query was refused");
	const csv = await system.command("sql", "select 1 as a, 'x,y' as b", "--csv");
	expect(csv.stdout).toBe('a,b\r\n1,"x,y"\r\n');

	const { stdout: listed } = await system.command("lake");
	expect(listed).toMatch(/^wiener +reading +\d+/m);
	expect(listed).toMatch(/^metronome +reading +\d+/m);
	expect((await system.command("doctor")).stdout).toMatch(
		/✓ port \d+: used by lake-query/,
	);
	expect((await system.command("logs", "lake")).code).toBe(0);
	await auditedClean();
	for (const name of LAKE_PARTS) {
		const { pid } = await system.part(name);
		console.log(`${name}: ${megabytesOf(pid)} MB`);
	}

	expect((await system.command("down")).code).toBe(0);
	const off = await system.command("sql", "select 1");
	expect(off).toMatchObject({ code: 1 });
	expect(off.stderr).toContain("sh bootstrap.sh up --local --lake");
	await system.up("--lake");
	await moreRowsThan(afterKill);
	const { rows } = await sql(
		"select count(*) - count(distinct (kafka_partition, kafka_offset)) from wiener",
	);
	expect(Number(rows[0]?.[0])).toBe(0);
	await auditedClean();
	const restarted = await system.command("restart", "lake");
	expect(restarted, restarted.stderr).toMatchObject({ code: 0 });

	const tables = join(system.stateDir, "lake");
	expect(existsSync(tables)).toBe(true);
	await system.command("down", "--purge");
	expect(existsSync(tables)).toBe(false);
});
