/**
 * The cost of the running system while no page is open: CPU and memory of every process, with 5
 * devices at 1 Hz.
 *
 *     pnpm bench:idle [--seconds 60]
 */

import { readFileSync } from "node:fs";
import { cpus } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { System } from "../../tests/harness/system.ts";
import { cpuSeconds, residentMb } from "./processes.ts";

const { values } = parseArgs({
	options: { seconds: { type: "string", default: "60" } },
});
const seconds = Number(values.seconds);
/** The first seconds are compilation and startup. */
const SETTLE_MS = 20_000;

const system = await System.create();
try {
	await system.up();
	await sleep(SETTLE_MS);
	const supervisor = JSON.parse(
		readFileSync(join(system.stateDir, "state.json"), "utf8"),
	).supervisor.pid;
	const parts = [
		...(await system.parts()).map((part) => ({
			name: part.name,
			pid: part.pid as number,
		})),
		{ name: "supervisor", pid: supervisor },
	];
	const before = parts.map((part) => cpuSeconds(part.pid));
	const started = performance.now();
	await sleep(seconds * 1_000);
	const elapsed = (performance.now() - started) / 1_000;
	const rows = parts.map(({ name, pid }, i) => ({
		name,
		cpu: ((cpuSeconds(pid) - (before[i] ?? 0)) * 100) / elapsed,
		mb: residentMb(pid),
	}));
	const node = rows.filter((row) => row.name !== "kafka");
	rows.push({
		name: "all Node processes",
		cpu: node.reduce((s, r) => s + r.cpu, 0),
		mb: node.reduce((s, r) => s + r.mb, 0),
	});
	console.log(
		`${cpus().length} cores, ${cpus()[0]?.model}; 5 devices at 1 Hz, ${Math.round(elapsed)} s\n`,
	);
	console.log("| process | CPU, % of a core | resident, MB |\n|---|---|---|");
	for (const { name, cpu, mb } of rows)
		console.log(`| ${name} | ${cpu.toFixed(1)} | ${mb.toFixed(0)} |`);
} finally {
	await system.remove();
}
