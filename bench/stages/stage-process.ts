/**
 * A process that runs stages exactly once, as a service does. JOBS: JSON, a list of
 * {stage, input, output}. It writes its live heap and after how long it was ready, as a line of
 * JSON.
 * With --expose-gc the heap is what is left after a full garbage collection.
 */
import { setTimeout as sleep } from "node:timers/promises";
import { Registry } from "@fireworks/service-kit";
import { openLog, runStage } from "@fireworks/streams";
import { type Job, runTopics } from "./job.ts";
import { STAGES } from "./stages.ts";

const { BROKERS = "", JOBS = "[]" } = process.env;
const jobs: Job[] = JSON.parse(JOBS);
const logger = { debug() {}, info() {}, warn() {}, error() {} };
const log = openLog({
	brokers: BROKERS.split(","),
	clientId: "bench-stages",
	logger,
});
const started = performance.now();
const running = jobs.map(({ stage, input, output }) => {
	const made = STAGES[stage]?.create(input, output);
	if (made === undefined) throw new Error(`there is no stage ${stage}`);
	return runStage({
		stage: made,
		topics: { inputs: [input], ...runTopics(output) },
		log,
		logger,
		registry: new Registry(),
		options: { groupId: output, restoreTimeoutMs: 600_000 },
		signal: new AbortController().signal,
	});
});
for (const one of running)
	one.ended.catch((error: unknown) => {
		console.error(error);
		process.exit(1);
	});
while (running.some((one) => one.notReady() !== undefined)) await sleep(10);
const seconds = (performance.now() - started) / 1_000;
globalThis.gc?.();
const heapMb = process.memoryUsage().heapUsed / 1e6;
console.log(JSON.stringify({ seconds, heapMb }));
process.once("SIGTERM", () => process.exit(0));
