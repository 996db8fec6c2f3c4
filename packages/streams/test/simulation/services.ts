/** The services as a simulated process starts them: the real metronome and the real stage, on the process's own clock and log. */
import { Registry } from "prom-client";
import { createMetronomeMetrics } from "../../../../services/metronome/src/metrics.ts";
import { Metronome } from "../../../../services/metronome/src/metronome.ts";
import { TickEncoder } from "../../../../services/metronome/src/tick-encoder.ts";
import { wienerStage } from "../../../../services/processor/src/wiener-stage.ts";
import type { StreamsLogger } from "../../src/kafka/logger.ts";
import type { Log } from "../../src/log.ts";
import { openSource } from "../../src/source/source.ts";
import { runStage } from "../../src/stage/run-stage.ts";
import type { Clock } from "../../src/stage/runtime.ts";
import {
	DEVICES,
	INTERVALS,
	PARTITIONS,
	SEED_OF_NOISE,
	STAGE_OPTIONS,
	TOPICS,
} from "./world.ts";

export interface ServiceContext {
	name: string;
	log: Log;
	clock: Clock;
	logger: StreamsLogger;
	signal: AbortSignal;
}

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
		clock,
		logger: logger as never,
		metrics: createMetronomeMetrics(new Registry()),
		signal,
	}).run();
