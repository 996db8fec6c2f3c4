/** The main of a stage that runs as a service of its own: settings, log, stage, health, exit code. */
import {
	EXIT,
	KAFKA_SETTINGS,
	type SettingName,
	type Settings,
	type StageTopics,
	stageTopics,
	TOPIC_SETTINGS,
} from "@fireworks/contracts";
import {
	runService,
	type SERVICE_SETTINGS,
	ServiceExit,
} from "@fireworks/service-kit";
import { StreamsError } from "./errors.ts";
import { openLog } from "./kafka/open-log.ts";
import { runStage } from "./stage/run-stage.ts";
import type { StageOptions } from "./stage/runtime.ts";
import type { Stage } from "./stage/stage.ts";

export interface StageService<N extends SettingName, I, S, O> {
	name: string;
	/** The settings it reads beside those of every service and those of Kafka. */
	settings: readonly N[];
	/** The stage and its topics, from the settings. port: of health and metrics. */
	create(
		settings: Settings<
			N | (typeof KAFKA_SETTINGS)[number] | (typeof SERVICE_SETTINGS)[number]
		>,
	): {
		stage: Stage<I, S, O>;
		topics: StageTopics;
		port: number;
		options: Partial<StageOptions> & { groupId: string };
	};
}

/** Runs it until it is stopped; ends the process with its exit code. */
export const runStageService = <N extends SettingName, I, S, O>(
	service: StageService<N, I, S, O>,
): Promise<void> =>
	runService({
		name: service.name,
		settings: [...KAFKA_SETTINGS, ...service.settings],
		async run({ settings, logger, registry, signal, serve }) {
			const { stage, topics, port, options } = service.create(settings);
			const log = openLog({
				brokers: settings.brokers,
				security: settings,
				clientId: `fireworks-${service.name}`,
				logger,
			});
			try {
				const running = runStage({
					stage,
					topics,
					log,
					logger,
					registry,
					signal,
					options,
				});
				await Promise.all([
					serve(port, { live: running.notLive, ready: running.notReady }),
					running.ended,
				]);
			} catch (error) {
				if (error instanceof StreamsError && mendsNothing(error))
					throw new ServiceExit(EXIT.config, error.message, { cause: error });
				throw error;
			} finally {
				await log.close();
			}
		},
	});

/**
 * A stage of your own as a service, with the usual names: the changelog `<output>-changelog`, the group `fireworks-<stage>`, the common
 * dead-letter topic, health and metrics on FIREWORKS_STAGE_PORT.
 */
export const serveStage = <I, S, O>(
	stage: Stage<I, S, O>,
	topics: { input: string; output: string },
): Promise<void> =>
	runStageService({
		name: stage.name,
		settings: [...TOPIC_SETTINGS, "stagePort"],
		create: (settings) => ({
			stage,
			topics: stageTopics(settings, {
				...topics,
				changelog: `${topics.output}-changelog`,
				deadLetter: settings.topicDeadLetter,
			}),
			port: settings.stagePort,
			options: { groupId: `fireworks-${stage.name}` },
		}),
	});

/** Wrong topics or settings stay wrong; a stage that threw may meet another record, or a newer build, after a restart. */
const mendsNothing = (error: StreamsError): boolean =>
	error.fatal && error.code !== "stage-failed";
