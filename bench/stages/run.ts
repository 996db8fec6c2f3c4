/**
 * What the stages of a user cost, in one process, exactly once, on a real broker: records per
 * second of a step with zod and of windows, the memory and restore time of many open windows, and
 * the latency of two stages in a row.
 *
 *     pnpm bench:stages [--only step,by-hand,count,sum,memory,latency] [--rounds 3]
 *                       [--keys 1000] [--records 400] [--windows 1000000] [--seconds 30]
 *                       [--profile DIR]
 */
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { startTestKafka } from "@fireworks/local-kafka/testing";
import { testLog } from "../../tests/harness/stream.ts";
import { cpuSeconds } from "../system/processes.ts";
import { type Job, runTopics, startStages } from "./job.ts";
import { measureLatency } from "./latency.ts";
import { preload } from "./preload.ts";
import { untilProcessed } from "./progress.ts";
import { STAGES } from "./stages.ts";

const { values } = parseArgs({
	options: {
		only: { type: "string", default: "step,by-hand,count,sum,memory,latency" },
		rounds: { type: "string", default: "3" },
		keys: { type: "string", default: "1000" },
		records: { type: "string", default: "400" },
		windows: { type: "string", default: "1000000" },
		seconds: { type: "string", default: "30" },
		profile: { type: "string" },
	},
});
const wanted = values.only.split(",");
const keys = Number(values.keys);
const records = keys * Number(values.records);

const kafka = await startTestKafka({ heapMb: 1_024, fullSpeed: true });
const log = testLog(kafka.brokers);
try {
	console.log(`${cpus().length} cores, ${cpus()[0]?.model}`);
	const rates = wanted.filter((name) => name in STAGES);
	if (rates.length > 0) await throughput(rates);
	if (wanted.includes("memory")) await memory(Number(values.windows));
	if (wanted.includes("latency")) await latency();
} finally {
	await log.close();
	await kafka.stop();
}

/** Runs a stage until it has committed its whole input. Returns how long it took. */
async function runToEnd(job: Job, options: readonly string[] = []) {
	const { output, changelog, deadLetter } = runTopics(job.output);
	await log.ensureTopics([output, changelog, deadLetter]);
	const stages = startStages(kafka.brokers, [job], options);
	try {
		const ms = await untilProcessed(log, changelog.name, job.input);
		return { ms, cpu: cpuSeconds(stages.child.pid as number) };
	} finally {
		await stages.kill();
	}
}

async function throughput(names: readonly string[]): Promise<void> {
	console.log(`${records} records of ${keys} keys, 4 partitions\n`);
	await preload(log, "readings", keys, Number(values.records));
	console.log(
		"| stage | what it does | records/s, each round | median | CPU, s |\n|---|---|---|---|---|",
	);
	const options =
		values.profile === undefined
			? []
			: ["--cpu-prof", `--cpu-prof-dir=${values.profile}`];
	for (const stage of names) {
		const rounds: number[] = [];
		let cpu = 0;
		for (let round = 0; round < Number(values.rounds); round++) {
			const output = `${stage}-${round}`;
			const done = await runToEnd(
				{ stage, input: "readings", output },
				options,
			);
			rounds.push(Math.round((records * 1_000) / done.ms));
			cpu = done.cpu;
		}
		const median = rounds.toSorted((a, b) => a - b)[rounds.length >> 1];
		console.log(
			`| ${stage} | ${STAGES[stage]?.does} | ${rounds.join(", ")} | ${median} | ${cpu} |`,
		);
	}
}

/** A window of each key stays open: a second process restores them all. */
async function memory(windows: number): Promise<void> {
	const restored = async (input: string, count: number) => {
		const job = { stage: "long-count", input, output: `${input}-counts` };
		await preload(log, input, count, 1);
		await runToEnd(job);
		const again = startStages(kafka.brokers, [job], ["--expose-gc"]);
		try {
			return await again.ready();
		} finally {
			await again.kill();
		}
	};
	const empty = await restored("one-key", 1);
	const full = await restored("many-keys", windows);
	console.log(
		`\n| open windows | ready after, s | live heap, MB |\n|---|---|---|`,
	);
	console.log(
		`| 1 | ${empty.seconds.toFixed(1)} | ${empty.heapMb.toFixed(0)} |`,
	);
	console.log(
		`| ${windows} | ${full.seconds.toFixed(1)} | ${full.heapMb.toFixed(0)} |`,
	);
	const bytes = ((full.heapMb - empty.heapMb) * 1e6) / windows;
	console.log(`\n${bytes.toFixed(0)} bytes a window, with its key and timer`);
}

async function latency(): Promise<void> {
	const seconds = Number(values.seconds);
	const delays = await measureLatency(log, kafka.brokers, keys, seconds);
	console.log(
		`\n${keys} keys at 1 Hz, ${seconds} s, ${delays.length} records\n\n| input committed to second output committed | ms |\n|---|---|`,
	);
	for (const q of [0.5, 0.95, 0.99, 1]) {
		const at = Math.min(delays.length - 1, Math.floor(q * delays.length));
		console.log(
			`| ${q === 1 ? "max" : `p${q * 100}`} | ${delays[at]?.toFixed(0)} |`,
		);
	}
}
