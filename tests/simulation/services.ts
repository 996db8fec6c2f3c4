/**
 * Starts the services in a simulated process: the real metronome and the real stage, on the
 * process's own clock and log.
 */
import type { Clock as TimeClock } from "@fireworks/time";
import { Registry } from "prom-client";
import type { StreamsLogger } from "../../packages/streams/src/kafka/logger.ts";
import type { Log } from "../../packages/streams/src/log.ts";
import { openSource } from "../../packages/streams/src/source/source.ts";
import { runStage } from "../../packages/streams/src/stage/run-stage.ts";
import type { Clock } from "../../packages/streams/src/time.ts";
import { createMetronomeMetrics } from "../../services/metronome/src/metrics.ts";
import { Metronome } from "../../services/metronome/src/metronome.ts";
import { TickEncoder } from "../../services/metronome/src/tick-encoder.ts";
import { wienerStage } from "../../services/processor/src/wiener-stage.ts";
import {
	DEVICES,
	INTERVALS,
	PARTITIONS,
	SEED_OF_NOISE,
	STAGE_OPTIONS,
	TOPICS,
} from "./world.ts";

interface ServiceContext {
	name: string;
	log: Log;
	clock: Clock;
	logger: StreamsLogger;
	signal: AbortSignal;
}

/** The process's clock, as the metronome takes it. */
const timeClock = ({ now, sleep }: Clock): TimeClock => {
	const after = (ms: number, call: () => void) => {
		const cancelled = new AbortController();
		void sleep(ms, cancelled.signal).then(() => {
			if (!cancelled.signal.aborted) call();
		});
		return () => cancelled.abort();
	};
	return {
		wallMs: now,
		monotonicMs: now,
		after,
		soon: (call) => void after(0, call),
	};
};

export type Service = (context: ServiceContext) => Promise<void>;

export const processor: Service = ({ log, clock, logger, signal }) =>
	runStage({
		stage: wienerStage(SEED_OF_NOISE),
		topics: TOPICS.processor,
		log,
		clock,
		logger,
		registry: new Registry(),
		options: STAGE_OPTIONS,
		signal,
	}).ended;

export const metronome: Service = ({ name, log, clock, logger, signal }) =>
	new Metronome({
		open: async () => {
			await log.ensureTopics([TOPICS.ticks, TOPICS.changelog]);
			return openSource({
				log,
				transactionalId: `${TOPICS.ticks.name}-0`,
				changelogTopic: TOPICS.changelog.name,
				owner: name,
				transactionTimeoutMs: STAGE_OPTIONS.transactionTimeoutMs,
				restoreTimeoutMs: STAGE_OPTIONS.restoreTimeoutMs,
				signal,
				clock,
			});
		},
		topic: TOPICS.ticks.name,
		encoder: new TickEncoder(DEVICES, PARTITIONS),
		intervals: INTERVALS,
		transactionRecordsMax: 10,
		clock: timeClock(clock),
		logger: logger as never,
		metrics: createMetronomeMetrics(new Registry()),
		signal,
	}).run();
