/**
 * The time from a tick's commit to its Wiener record's, as one read_committed reader sees both,
 * with many devices at 1 Hz. One process sees both topics, so only one clock is involved.
 *
 *     pnpm bench:latency [--devices 1000] [--seconds 60]
 */
import { cpus } from "node:os";
import { setTimeout as sleep } from "node:timers/promises";
import { parseArgs } from "node:util";
import { testLog } from "../../tests/harness/stream.ts";
import { System } from "../../tests/harness/system.ts";

const { values } = parseArgs({
	options: {
		devices: { type: "string", default: "1000" },
		seconds: { type: "string", default: "60" },
	},
});
const SETTLE_MS = 15_000;

const system = await System.create({
	FIREWORKS_METRONOME_DEVICES: values.devices,
});
try {
	await system.up();
	await sleep(SETTLE_MS);
	const log = testLog(system.brokers);
	const ends = new Map(
		await Promise.all(
			["metronome", "wiener"].map(
				async (topic) => [topic, (await log.offsets(topic)) ?? []] as const,
			),
		),
	);
	/** When each (device, event time) was seen as a tick, and how much later as a record. */
	const seenAt = new Map<string, number>();
	const delays: number[] = [];
	const reader = await log.read({
		name: "latency",
		topics: ["metronome", "wiener"],
		from: (topic, partition) => ends.get(topic)?.[partition]?.high ?? 0,
		onRecords: (topic, _partition, records) => {
			const now = performance.now();
			for (const record of records) {
				const id = `${record.key}/${record.timestamp}`;
				const tick = seenAt.get(id);
				if (tick === undefined) seenAt.set(id, now);
				else {
					// The record may be read before its tick: the tick was committed but not yet
					// read.
					delays.push(topic === "wiener" ? now - tick : 0);
					seenAt.delete(id);
				}
			}
		},
	});
	await sleep(Number(values.seconds) * 1_000);
	await reader.close();
	await log.close();
	delays.sort((a, b) => a - b);
	const at = (q: number) =>
		(
			delays[Math.min(delays.length - 1, Math.floor(q * delays.length))] ??
			Number.NaN
		).toFixed(0);
	console.log(
		`${cpus().length} cores, ${cpus()[0]?.model}; ${values.devices} devices at 1 Hz, ${values.seconds} s, ${delays.length} records\n`,
	);
	console.log("| tick committed to record committed | ms |\n|---|---|");
	for (const q of [0.5, 0.95, 0.99, 1])
		console.log(`| ${q === 1 ? "max" : `p${q * 100}`} | ${at(q)} |`);
} finally {
	await system.remove();
}
