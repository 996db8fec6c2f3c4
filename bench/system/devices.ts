/**
 * Many devices at 1 Hz: does the processor keep up, and does the page answer?
 *
 *     pnpm bench:devices [--devices 1000] [--minutes 5]
 */
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { System } from "../../tests/harness/system.ts";
import { cpuSeconds, residentMb } from "./processes.ts";

const { values } = parseArgs({
	options: {
		devices: { type: "string", default: "1000" },
		minutes: { type: "string", default: "5" },
	},
});
const SAMPLE_MS = 15_000;

const system = await System.create({
	FIREWORKS_METRONOME_DEVICES: values.devices,
});
try {
	await system.up();
	const end = performance.now() + Number(values.minutes) * 60_000;
	const metric = async (
		part: "metronome" | "processor" | "middleware",
		name: string,
	): Promise<number> => {
		const text = await (
			await fetch(`http://127.0.0.1:${system.ports[part]}/metrics`)
		).text();
		return text
			.split("\n")
			.filter(
				(line) => line.startsWith(`${name} `) || line.startsWith(`${name}{`),
			)
			.reduce(
				(sum, line) => sum + Number(line.slice(line.lastIndexOf(" "))),
				0,
			);
	};
	console.log(
		"| s | ticks written | records committed | lag | page, ms | processor: CPU s, MB |\n|---|---|---|---|---|---|",
	);
	const started = performance.now();
	while (performance.now() < end) {
		await sleep(SAMPLE_MS);
		const asked = performance.now();
		const { status } = await fetch(system.page);
		if (status !== 200) throw new Error(`the page answered ${status}`);
		const pageMs = Math.round(performance.now() - asked);
		const { pid } = await system.part("processor");
		const [ticks, records, lag] = await Promise.all([
			metric("metronome", "fireworks_metronome_records_total"),
			metric("processor", "fireworks_stage_output_records_total"),
			metric("processor", "fireworks_stage_lag_records"),
		]);
		const s = Math.round((performance.now() - started) / 1_000);
		console.log(
			`| ${s} | ${ticks} | ${records} | ${lag} | ${pageMs} | ${cpuSeconds(pid as number)}, ${residentMb(pid as number).toFixed(0)} |`,
		);
	}
	const { code, stdout } = await system.command("audit");
	console.log(`\n${stdout}`);
	process.exitCode = code;
} finally {
	await system.remove();
}
