/**
 * How many records per second one process commits, exactly once, with its changelog: Fireworks'
 * processor, a bare kafkajs loop and a Python loop, in turn, on the same preloaded ticks. The time
 * comes from the broker's append timestamps, so the contenders' clocks do not matter.
 *
 *     pnpm bench:throughput [--rounds 3] [--devices 1000] [--ticks 400]
 *                           [--only fireworks,engine-python,kafkajs,python]
 */
import { once } from "node:events";
import { cpus } from "node:os";
import { parseArgs } from "node:util";
import { startTestKafka } from "@fireworks/local-kafka/testing";
import { pythonInterpreter } from "@fireworks/programs";
import type { Log } from "@fireworks/streams";
import { readTopic, testLog } from "../../tests/harness/stream.ts";
import { waitFor } from "../../tests/harness/wait-for.ts";
import { cpuSeconds } from "../system/processes.ts";
import {
	bareKafkajs,
	type Contender,
	fireworks,
	fireworksPython,
	type Job,
	python,
} from "./contenders.ts";
import { preload } from "./preload.ts";
import { runTopics } from "./topics.ts";

const { values } = parseArgs({
	options: {
		rounds: { type: "string", default: "3" },
		devices: { type: "string", default: "1000" },
		ticks: { type: "string", default: "400" },
		only: { type: "string", default: "fireworks,engine-python,kafkajs,python" },
	},
});
/** Figures of the last round. */
const cpu = new Map<string, number>();
const records = Number(values.devices) * Number(values.ticks);

/** Runs a contender until its output has all records. Returns committed records per second. */
async function measure(
	log: Log,
	brokers: string,
	contender: Contender,
	round: number,
): Promise<number> {
	const topics = runTopics(
		`${contender.name.replaceAll(/\W+/g, "-")}-${round}`,
	);
	await log.ensureTopics(Object.values(topics));
	const job: Job = {
		brokers,
		input: "ticks",
		output: topics.output.name,
		changelog: topics.changelog.name,
		deadLetter: topics.deadLetter.name,
		group: topics.output.name,
	};
	const child = await contender.start(job);
	try {
		await waitFor(
			`${contender.name} to write ${records} records`,
			async () => {
				if (child.exitCode !== null)
					throw new Error(`it ended with ${child.exitCode}`);
				const ranges = (await log.offsets(topics.output.name)) ?? [];
				return ranges.reduce((sum, r) => sum + r.high, 0) >= records;
			},
			180_000,
		);
		const written = await readTopic(
			log,
			topics.output.name,
			(all) => all.length >= records,
			120_000,
		);
		const times = written.map((r) => r.timestamp);
		const ms =
			times.reduce((a, b) => Math.max(a, b)) -
			times.reduce((a, b) => Math.min(a, b));
		return Math.round((written.length * 1_000) / ms);
	} finally {
		cpu.set(contender.name, cpuSeconds(child.pid as number));
		child.kill("SIGKILL");
		if (child.exitCode === null && child.signalCode === null)
			await once(child, "exit");
	}
}

const wanted = values.only.split(",");
const contenders = [
	...(wanted.includes("fireworks") ? [fireworks] : []),
	...(wanted.includes("engine-python") ? [fireworksPython] : []),
	...(wanted.includes("kafkajs") ? [bareKafkajs] : []),
	...(wanted.includes("python") ? [python(await pythonInterpreter())] : []),
];
const kafka = await startTestKafka({ heapMb: 1_024, fullSpeed: true });
const log = testLog(kafka.brokers);
try {
	console.log(
		`${cpus().length} cores, ${cpus()[0]?.model}; ${records} ticks of ${values.devices} devices, 4 partitions`,
	);
	await preload(log, "ticks", Number(values.devices), Number(values.ticks));
	const results = new Map<string, number[]>();
	for (let round = 1; round <= Number(values.rounds); round++) {
		for (const contender of contenders) {
			const perSecond = await measure(
				log,
				kafka.brokers.join(","),
				contender,
				round,
			);
			results.set(contender.name, [
				...(results.get(contender.name) ?? []),
				perSecond,
			]);
			console.log(
				`round ${round}  ${contender.name.padEnd(20)} ${perSecond} records/s, ${cpu.get(contender.name)} s of CPU`,
			);
		}
	}
	console.log(
		"\n| engine | what it does | committed records/s, each round | median |\n|---|---|---|---|",
	);
	for (const { name, does } of contenders) {
		const all = results.get(name) ?? [];
		console.log(
			`| ${name} | ${does} | ${all.join(", ")} | ${[...all].sort((a, b) => a - b)[all.length >> 1]} |`,
		);
	}
} finally {
	await log.close();
	await kafka.stop();
}
