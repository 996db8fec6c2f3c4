/**
 * Runs a pipeline as a service: publishes its streams, makes its topics, and runs its stages and
 * sources until it is stopped. Several replicas share the partitions of the stages.
 */
import { EXIT, KAFKA_SETTINGS, TOPIC_SETTINGS } from "@fireworks/contracts";
import {
	DefinitionError,
	deadLetterTopicOf,
	IncompatibleError,
	type PipelineDefinition,
	publish,
	topicOf,
} from "@fireworks/pipeline";
import { Registry, runService, ServiceExit } from "@fireworks/service-kit";
import { openLog, runStage, StreamsError } from "@fireworks/streams";
import { joinMetrics } from "./join-metrics.ts";
import { createRunnerMetrics } from "./metrics.ts";
import { type RunningSource, runSource, untilAborted } from "./run-source.ts";
import { groupOf, topicsOfStage } from "./stage-topics.ts";

export interface LoadedPipeline {
	readonly pipeline: PipelineDefinition;
	/** Publish schemas that break what reads the streams. */
	readonly allowIncompatible: boolean;
	/** End in order once the streams are published, if the pipeline has no stages and no sources. */
	readonly endIfIdle: boolean;
}

export const runPipeline = (
	load: () => Promise<LoadedPipeline>,
): Promise<void> =>
	runService({
		name: "runner",
		settings: [
			...KAFKA_SETTINGS,
			...TOPIC_SETTINGS,
			"stagePort",
			"processorSessionTimeoutMs",
		],
		async run({ settings, logger, registry, signal, serve }) {
			const { pipeline, allowIncompatible, endIfIdle } = await load();
			const isIdle = pipeline.stages.length + pipeline.sources.length === 0;
			const log = openLog({
				brokers: settings.brokers,
				security: settings,
				clientId: `fireworks-${pipeline.name}`,
				logger,
			});
			const parts = new AbortController();
			const partsSignal = AbortSignal.any([signal, parts.signal]);
			try {
				// Without stages and sources, another program writes the streams, and makes their
				// topics as its own settings say.
				if (!isIdle)
					await log.ensureTopics(
						pipeline.streams.map((s) => topicOf(s.description, settings)),
					);
				const published = await publish({
					log,
					settings,
					streams: pipeline.streams.map((s) => s.description),
					allowIncompatible,
				});
				for (const { name, version } of published)
					logger.info({ stream: name, version }, "published to the catalog");
				if (isIdle && endIfIdle) return;
				const metrics = createRunnerMetrics(registry);
				const stages = pipeline.stages.map((stage) => {
					// Each stage registers the same metrics, so each has a registry of its own.
					const own = new Registry();
					own.setDefaultLabels({ stage: stage.name });
					return {
						name: stage.name,
						registry: own,
						running: runStage({
							stage,
							topics: topicsOfStage(stage, pipeline.streams, settings),
							log,
							logger,
							registry: own,
							signal: partsSignal,
							options: {
								groupId: groupOf(stage.name),
								sessionTimeoutMs: settings.processorSessionTimeoutMs,
							},
						}),
					};
				});
				const sources: { name: string; running: RunningSource }[] = [];
				for (const source of pipeline.sources) {
					const before = sources.filter(({ name }) =>
						source.after?.includes(name),
					);
					sources.push({
						name: source.name,
						running: runSource({
							source,
							log,
							settings,
							deadLetter: deadLetterTopicOf(settings),
							logger,
							metrics,
							signal: partsSignal,
							begin: Promise.all(before.map((one) => one.running.finished)),
						}),
					});
				}
				joinMetrics(
					registry,
					stages.map((one) => one.registry),
				);
				const first = (reasons: (string | undefined)[]) =>
					reasons.find((one) => one !== undefined);
				await Promise.all([
					serve(settings.stagePort, {
						live: () => first(stages.map((s) => s.running.notLive())),
						ready: () =>
							first(
								[...sources, ...stages].map(({ name, running }) => {
									const reason = running.notReady();
									return reason === undefined
										? undefined
										: `${name}: ${reason}`;
								}),
							),
						pages: {
							"/refused": () =>
								Object.fromEntries(
									stages.map((s) => [s.name, s.running.refused()]),
								),
						},
					}),
					...[...stages, ...sources].map((one) => one.running.ended),
					untilAborted(signal),
				]);
			} catch (error) {
				if (
					error instanceof DefinitionError ||
					error instanceof IncompatibleError
				)
					throw new ServiceExit(EXIT.config, error.message, { cause: error });
				if (
					error instanceof StreamsError &&
					error.fatal &&
					error.code !== "stage-failed"
				)
					throw new ServiceExit(EXIT.config, error.message, { cause: error });
				throw error;
			} finally {
				parts.abort();
				await log.close();
			}
		},
	});
