/**
 * The main function of a stage that runs as a service of its own: settings, log, stage, health,
 * exit code.
 */
import {
	EXIT,
	KAFKA_SETTINGS,
	type SettingName,
	type Settings,
	type StageTopicSpec,
	type StageTopics,
	stageTopics,
	TOPIC_SETTINGS,
	type TopicSettings,
	type TopicSpec,
	variableOf,
} from "@fireworks/contracts";
import {
	runService,
	type SERVICE_SETTINGS,
	ServiceExit,
} from "@fireworks/service-kit";
import { StreamsError } from "./errors.ts";
import type { StreamsLogger } from "./kafka/logger.ts";
import { openLog } from "./kafka/open-log.ts";
import type { Log } from "./log.ts";
import { ownAddress } from "./own-address.ts";
import { runStage } from "./stage/run-stage.ts";
import type { StageOptions } from "./stage/runtime.ts";
import type { Stage } from "./stage/stage.ts";
import { checkToken, type ExposeState, statePage } from "./state-page.ts";

export interface StageService<N extends SettingName, I, S, O> {
	name: string;
	/** The settings that it reads in addition to those of every service and those of Kafka. */
	settings: readonly N[];
	/** The setting that holds the port for health and metrics. */
	portSetting: N;
	/** Creates the stage and its topics from the settings. */
	create(
		settings: Settings<
			N | (typeof KAFKA_SETTINGS)[number] | (typeof SERVICE_SETTINGS)[number]
		>,
	): {
		stage: Stage<I, S, O>;
		topics: StageTopics;
		options: Partial<StageOptions> & { groupId: string };
		/** Serves `/state/<key>`. Default: not. */
		exposeState?: ExposeState | undefined;
		/** Work next to the stage, which must not fail. It ends at the signal. Default: none. */
		alongside?(
			log: Log,
			logger: StreamsLogger,
			signal: AbortSignal,
		): Promise<void>;
		/** Default: those of the settings. */
		brokers?: readonly string[];
	};
}

/** Runs the stage until it is stopped, then ends the process with its exit code. */
export const runStageService = <N extends SettingName, I, S, O>(
	service: StageService<N, I, S, O>,
): Promise<void> =>
	runService({
		name: service.name,
		settings: [...KAFKA_SETTINGS, ...service.settings],
		async run({ settings, logger, registry, signal, serve }) {
			const { stage, topics, options, brokers, exposeState, alongside } =
				service.create(settings);
			const port = settings[service.portSetting] as number;
			if (exposeState !== undefined) checkToken(exposeState);
			const log = openLog({
				brokers: brokers ?? settings.brokers,
				security: settings,
				clientId: `fireworks-${service.name}`,
				logger,
			});
			const stop = new AbortController();
			const running = runStage({
				stage,
				topics,
				log,
				logger,
				registry,
				signal: AbortSignal.any([signal, stop.signal]),
				options,
				...(exposeState === undefined
					? {}
					: {
							address: exposeState.address ?? ownAddress(settings.host, port),
						}),
			});
			void alongside?.(log, logger, AbortSignal.any([signal, stop.signal]));
			try {
				await Promise.all([
					serve(port, {
						live: running.notLive,
						ready: running.notReady,
						pages: { "/refused": running.refused },
						...(exposeState === undefined
							? {}
							: {
									below: {
										path: "/state/",
										answer: statePage(running, exposeState),
									},
								}),
					}).catch((error: unknown) => {
						throw portFailure(error, port, service.portSetting);
					}),
					running.ended,
				]);
			} catch (error) {
				if (error instanceof StreamsError && isUnrecoverable(error))
					throw new ServiceExit(EXIT.config, error.message, { cause: error });
				throw error;
			} finally {
				stop.abort();
				await running.ended.catch(() => {});
				await log.close();
			}
		},
	});

/** Says which setting to change if the port is taken. */
function portFailure(
	error: unknown,
	port: number,
	setting: SettingName,
): unknown {
	if ((error as NodeJS.ErrnoException).code !== "EADDRINUSE") return error;
	return new ServiceExit(
		EXIT.config,
		`the port ${port} for health and metrics is in use by another program: set ${variableOf(setting)} to a free one`,
		{ cause: error },
	);
}

/** Session time-out of a stage of one's own, unless it is set. Brokers may not allow it. */
const SESSION_TIMEOUT_MS = 2_000;

/**
 * Runs your own stage as a service, with the usual names: the changelog `<output>-changelog`, the
 * group `fireworks-<stage>`, the common dead-letter topic, and health and metrics on
 * FIREWORKS_STAGE_PORT. It creates all topics that it writes, once it has found its inputs. The
 * outputs keep the number of partitions that they have; new ones get as many as the input. Their
 * timestamps are the times of their appends, so that retention counts from then; the event times
 * are in the header `event-time`.
 */
export const serveStage = <I, S, O>(
	stage: Stage<I, S, O>,
	topics: {
		/** One or several topics; those of several must have equally many partitions. */
		input: string | readonly string[];
		output: string;
		/** Further topics that outputs name. */
		sideOutputs?: readonly string[];
	},
	more: {
		/** Serves `/state/<key>` on the same port. Default: not. */
		exposeState?: ExposeState;
	} = {},
): Promise<void> =>
	runStageService({
		name: stage.name,
		settings: [
			...TOPIC_SETTINGS,
			"stagePort",
			"kafkaPort",
			"processorSessionTimeoutMs",
		],
		portSetting: "stagePort",
		create: (settings) => ({
			stage,
			topics: ownTopics(settings, topics),
			exposeState: more.exposeState,
			options: {
				groupId: `fireworks-${stage.name}`,
				sessionTimeoutMs: isSet("processorSessionTimeoutMs")
					? settings.processorSessionTimeoutMs
					: SESSION_TIMEOUT_MS,
			},
			// As for all other parts, the local Kafka is where its port setting says.
			...(isSet("brokers")
				? {}
				: { brokers: [`127.0.0.1:${settings.kafkaPort}`] }),
		}),
	});

const isSet = (name: SettingName): boolean =>
	process.env[variableOf(name)] !== undefined;

/** The topics of a stage of one's own. Only the dead letters' topic is shared with other stages. */
export function ownTopics(
	settings: TopicSettings,
	names: {
		input: string | readonly string[];
		output: string;
		sideOutputs?: readonly string[];
	},
): StageTopics {
	const { output, changelog, deadLetter } = stageTopics(settings, {
		inputs: [],
		output: names.output,
		changelog: `${names.output}-changelog`,
		deadLetter: settings.topicDeadLetter,
	});
	const free = ({ partitions: _, ...spec }: TopicSpec): StageTopicSpec => spec;
	const appended = (name: string): StageTopicSpec => ({
		...free(output),
		name,
		timestamps: "append",
	});
	return {
		inputs: [names.input].flat(),
		output: appended(names.output),
		sideOutputs: (names.sideOutputs ?? []).map(appended),
		changelog: free(changelog),
		deadLetter: free(deadLetter),
	};
}

/**
 * Whether the error is unrecoverable. Wrong topics or settings stay wrong after a restart. A stage
 * that threw is different: after a restart it may see another record, or be a newer build.
 */
const isUnrecoverable = (error: StreamsError): boolean =>
	error.fatal && error.code !== "stage-failed";
