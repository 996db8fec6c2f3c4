/**
 * An engine with a metronome at 1 Hz, or at the nearest rate that the metronome reaches with this
 * many devices. Measures the time from a tick's append to its record's, and the outage after kill
 * -9.
 */
import { rmSync } from "node:fs";
import { setTimeout as sleep } from "node:timers/promises";
import { parseTick, parseWiener } from "@fireworks/contracts";
import type { Log, LogRecord } from "@fireworks/streams";
import { type Service, startService } from "../../tests/harness/service.ts";
import type { TestStream } from "../../tests/harness/stream.ts";
import { waitFor } from "../../tests/harness/wait-for.ts";
import { quantile } from "../fanout/quantile.ts";
import { type Engine, EngineRun, newStateDir } from "./engine.ts";
import { checkPaths } from "./paths.ts";
import { benchStream, readToEnd, written } from "./stream.ts";

const START_MS = 120_000;
const WARM_MS = 8_000;
const SETTLE_MS = 3_000;
const DRAIN_MS = 15_000;
/** The metronome's own limit: with more devices than that it ticks less often than every second. */
const RECORDS_PER_SECOND_MAX = 20_000;
/** The minimum number of measured ticks. */
const TICKS_MIN = 4;

export interface Live {
	devices: number;
	intervalMs: number;
	/** ms, of the ticks after the warm-up. */
	p50: number;
	p99: number;
	/** CPU use while it runs, in cores. */
	cores: number;
	residentMb: number;
	/** Ticks that still had no record DRAIN_MS after the metronome had stopped. */
	behind: number;
	/** Seconds from each kill -9 (the restart follows at once) to the next record's append. */
	recoverySeconds: number[];
}

/**
 * seconds: duration of the measurement. kills: how often the engine is killed after that. Throws if
 * a record is incorrect.
 */
export async function measureLive(
	log: Log,
	brokers: readonly string[],
	engine: Engine,
	devices: number,
	seconds: number,
	kills: number,
): Promise<Live> {
	const intervalMs = Math.max(
		1_000,
		Math.ceil((devices * 1_000) / RECORDS_PER_SECOND_MAX),
	);
	const stream = await benchStream(log, brokers, {
		FIREWORKS_METRONOME_DEVICES: String(devices),
		FIREWORKS_METRONOME_INTERVAL_MS: String(intervalMs),
	});
	const { topicMetronome, topicWiener, partitions } = stream.settings;
	const stateDir = newStateDir();
	let done = false;
	const start = () => new EngineRun(engine, stream.environment, stateDir);
	const metronome = await startService("metronome", stream.environment);
	let run: EngineRun | undefined;
	try {
		await metronome.ready();
		run = start();
		await writes(log, stream, run, 0);
		await sleep(WARM_MS);
		const from = Date.now();
		const before = run.use().cpuSeconds;
		await sleep(Math.max(seconds * 1_000, TICKS_MIN * intervalMs));
		const until = Date.now();
		const cpu = run.use().cpuSeconds - before;
		const residentMb = run.residentMbMax;
		// The last measured ticks must not wait for a recovery.
		if (kills > 0) await sleep(SETTLE_MS);
		const recoveries: { killedAt: number; startedAt: number }[] = [];
		for (let i = 0; i < kills; i++) {
			const killedAt = Date.now();
			await run.kill();
			const high = await written(log, topicWiener);
			run = start();
			recoveries.push({ killedAt, startedAt: run.startedAt });
			await writes(log, stream, run, high);
			await sleep(3_000);
		}
		await stop(metronome);
		await drained(log, stream, devices);
		const ticks = await readToEnd(log, topicMetronome, partitions);
		const records = await readToEnd(log, topicWiener, partitions);
		const delays = delaysOf(ticks, records, from, until);
		done = true;
		return {
			devices,
			intervalMs,
			p50: quantile(delays, 0.5),
			p99: quantile(delays, 0.99),
			cores: (cpu * 1_000) / (until - from),
			residentMb,
			behind: checkPaths(ticks, records, engine.name),
			recoverySeconds: recoveries.map(({ killedAt, startedAt }) => {
				const next = records
					.filter((record) => record.timestamp > startedAt)
					.reduce((min, r) => Math.min(min, r.timestamp), Infinity);
				return (next - killedAt) / 1_000;
			}),
		};
	} finally {
		await run?.kill();
		await metronome.kill();
		// Keep the engine's log of a failed run.
		if (done) rmSync(stateDir, { recursive: true, force: true });
	}
}

const stop = async (metronome: Service): Promise<void> => {
	const code = await metronome.stop();
	if (code !== 0) throw new Error(`the metronome ended with ${code}`);
};

/** Waits until the output holds more than `high` offsets. */
async function writes(
	log: Log,
	{ settings }: TestStream,
	run: EngineRun,
	high: number,
): Promise<void> {
	await waitFor(
		"the engine's next record",
		async () => {
			if (run.ended) throw new Error("it has ended");
			return (await written(log, settings.topicWiener)) > high;
		},
		START_MS,
	);
}

/**
 * Waits until the output stops growing, at most DRAIN_MS. An engine that is still behind then does
 * not keep up.
 */
async function drained(
	log: Log,
	{ settings }: TestStream,
	devices: number,
): Promise<void> {
	const ticks = await written(log, settings.topicMetronome);
	const deadline = Date.now() + DRAIN_MS;
	let last = -1;
	while (Date.now() < deadline) {
		const now = await written(log, settings.topicWiener);
		if (now === last && now >= ticks - devices) return;
		last = now;
		await sleep(500);
	}
}

/**
 * Delays in ms from append to append, for ticks appended in the time window. Infinity if there is
 * no record.
 */
function delaysOf(
	ticks: readonly LogRecord[],
	records: readonly LogRecord[],
	from: number,
	until: number,
): number[] {
	const at = new Map<string, number>();
	for (const { value, timestamp } of records) {
		const record = parseWiener(value);
		at.set(`${record?.deviceId} ${record?.seq}`, timestamp);
	}
	return ticks
		.filter(({ timestamp }) => timestamp >= from && timestamp < until)
		.map(({ key, value, timestamp }) => {
			const tick = parseTick(key, value);
			return (at.get(`${tick.deviceId} ${tick.seq}`) ?? Infinity) - timestamp;
		});
}
