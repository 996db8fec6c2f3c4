/**
 * The system under kill -9: the metronome and the processor in turn, at a fixed interval. Measures
 * the time until the next committed Wiener record of every device, and audits at the end.
 *
 *     pnpm bench:kills [--minutes 5] [--every 20]
 */
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { parseWiener } from "@fireworks/contracts";
import { testLog } from "../../tests/harness/stream.ts";
import { System } from "../../tests/harness/system.ts";
import { waitFor } from "../../tests/harness/wait-for.ts";

const { values } = parseArgs({
	options: {
		minutes: { type: "string", default: "5" },
		every: { type: "string", default: "20" },
	},
});
const DEVICES = 5;

const system = await System.create();
try {
	await system.up();
	const log = testLog(system.brokers);
	const newest = new Map<string, number>();
	const ranges = (await log.offsets("wiener")) ?? [];
	const reader = await log.read({
		name: "kills",
		topics: ["wiener"],
		from: (_topic, partition) => ranges[partition]?.low ?? 0,
		onRecords: (_topic, _partition, records) => {
			for (const record of records.map((r) => parseWiener(r.value)))
				if (record) newest.set(record.deviceId, record.seq);
		},
	});
	await waitFor("all devices", () => newest.size === DEVICES);
	const rows: string[] = [];
	const end = performance.now() + Number(values.minutes) * 60_000;
	for (let i = 0; performance.now() < end; i++) {
		await sleep(Number(values.every) * 1_000);
		const name = i % 2 === 0 ? "metronome" : "processor";
		const seqs = new Map(newest);
		const { pid } = await system.part(name);
		const killed = performance.now();
		process.kill(pid as number, "SIGKILL");
		// The tick that was due at the kill may already be committed. The one after it must come
		// from the restarted part.
		await waitFor(
			"every device to go on",
			() => [...newest].every(([id, seq]) => seq >= (seqs.get(id) ?? 0) + 2),
			60_000,
		);
		const recoveredMs = Math.round(performance.now() - killed);
		rows.push(`| ${i + 1} | ${name} | ${(recoveredMs / 1_000).toFixed(1)} |`);
		console.log(rows.at(-1));
	}
	await reader.close();
	await log.close();
	console.log(
		"\n| kill | part | s until every device has a Wiener record of the second tick after the kill |\n|---|---|---|",
	);
	for (const row of rows) console.log(row);
	const { code, stdout } = await system.command("audit");
	console.log(`\n${stdout}`);
	process.exitCode = code;
} finally {
	await system.remove();
}
