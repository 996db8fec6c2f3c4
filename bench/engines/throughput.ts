/**
 * How fast an engine processes preloaded ticks after its start: the time to the first record, the
 * rate after it, and the cost.
 */
import { rmSync } from "node:fs";
import type { Log, LogRecord } from "@fireworks/streams";
import { type Engine, EngineRun, newStateDir } from "./engine.ts";
import { checkPaths } from "./paths.ts";
import { awaitRecords, benchStream } from "./stream.ts";

export interface Throughput {
	/** From the process's start to the append of its first record, s. */
	startUpSeconds: number;
	/** Records per second between the first append and the last. */
	perSecond: number;
	/** From the process's start to the last append, s. */
	allSeconds: number;
	/** CPU time of the whole run, including startup, per million records. */
	cpuSecondsPerMillion: number;
	/** Largest resident memory, MB. */
	residentMb: number;
}

/** ticks: the content of the topic `input`. Throws if a record differs from the recomputed one. */
export async function measureThroughput(
	log: Log,
	brokers: readonly string[],
	engine: Engine,
	input: string,
	ticks: readonly LogRecord[],
): Promise<Throughput> {
	const stream = await benchStream(log, brokers, {
		FIREWORKS_TOPIC_METRONOME: input,
	});
	const stateDir = newStateDir();
	let done = false;
	const run = new EngineRun(engine, stream.environment, stateDir);
	const watch = setInterval(() => run.use(), 250);
	try {
		const records = await awaitRecords(
			log,
			stream.settings.topicWiener,
			ticks.length,
			() => !run.ended,
			300_000,
		);
		const { cpuSeconds } = run.use();
		if (checkPaths(ticks, records, engine.name) > 0)
			throw new Error(`${engine.name}: ticks without a record`);
		const times = records.map((record) => record.timestamp);
		const first = times.reduce((a, b) => Math.min(a, b));
		const last = times.reduce((a, b) => Math.max(a, b));
		done = true;
		return {
			startUpSeconds: (first - run.startedAt) / 1_000,
			perSecond: (records.length * 1_000) / Math.max(1, last - first),
			allSeconds: (last - run.startedAt) / 1_000,
			cpuSecondsPerMillion: (cpuSeconds * 1e6) / records.length,
			residentMb: run.residentMbMax,
		};
	} finally {
		clearInterval(watch);
		await run.kill();
		// Keep the engine's log of a failed run.
		if (done) rmSync(stateDir, { recursive: true, force: true });
	}
}
