/**
 * The five parts of the local system, the optional ones, those of a second engine and of the lake,
 * and the pipelines: what is run, with which settings, and where it answers.
 */

import { type Environment, variableOf } from "@fireworks/contracts";
import { cacheRoot, type Java, kafkaCacheDir } from "@fireworks/local-kafka";
import { engineProgram, PROGRAMS } from "@fireworks/programs";
import type { StateFolder } from "../../project.ts";
import type { AllSettings } from "../../settings.ts";
import { compareVariables } from "../compare.ts";
import {
	comparePartNames,
	type LocalPartName,
	lakePartNames,
	type OptionalPartName,
	optionalPartNames,
	portSettingOf,
} from "../part-names.ts";
import type { Pipeline } from "../pipelines/find.ts";
import { reachable } from "./http-probe.ts";
import { runKafka } from "./kafka-part.ts";
import type { PartDefinition } from "./part.ts";
import { pipelinePart } from "./pipeline-part.ts";
import { runProgram } from "./process-part.ts";
import { relayVariables } from "./relay-variables.ts";

/** Added to the service's own grace time. */
const GRACE_MARGIN_MS = 2_000;
/** Kafka closes its logs, and at its first end also writes its class archive. */
const KAFKA_GRACE_MS = 30_000;
const DASHBOARD_GRACE_MS = 5_000;
const RELAYING: ReadonlySet<string> = new Set(["dashboard", "middleware"]);

export interface LocalSystem {
	settings: AllSettings;
	/** The environment of the parts: the user's own, with partVariables. */
	env: Environment;
	folder: StateFolder;
	java: Java;
}

interface Started extends LocalSystem {
	/** Only for the page's server and the middlewares. */
	relay: Environment;
}

/** In the order of LOCAL_PART_NAMES, and then the pipelines. */
export function partDefinitions(
	started: LocalSystem,
	pipelines: readonly Pipeline[] = [],
): PartDefinition[] {
	const { settings } = started;
	const relay = relayVariables(settings, started.env);
	const system = { ...started, relay };
	const serviceGraceMs = serviceGrace(settings);
	return [
		kafka(system),
		service("metronome", system, serviceGraceMs),
		service("processor", system, serviceGraceMs),
		service("middleware", system, serviceGraceMs),
		service("dashboard", system, DASHBOARD_GRACE_MS),
		...optionalPartNames(settings).map((name) =>
			service(name, system, serviceGraceMs),
		),
		...comparePartNames(settings).map((name) =>
			service(name, compared(system), serviceGraceMs),
		),
		...lakePartNames(settings).map((name) =>
			service(name, system, serviceGraceMs),
		),
		...pipelines.map((pipeline) => pipelineDefinition(pipeline, started)),
	];
}

/** An optional part that is added to a running system. */
export const optionalDefinition = (
	name: OptionalPartName,
	system: LocalSystem,
): PartDefinition =>
	service(name, { ...system, relay: {} }, serviceGrace(system.settings));

export const pipelineDefinition = (
	pipeline: Pipeline,
	{ settings, env }: LocalSystem,
): PartDefinition =>
	pipelinePart(pipeline, {
		host: settings.host,
		env,
		graceMs: serviceGrace(settings),
	});

const serviceGrace = ({ stopGraceMs }: AllSettings): number =>
	stopGraceMs + GRACE_MARGIN_MS;

/** The same system with the second engine's settings. */
function compared(system: Started): Started {
	const { settings } = system;
	return {
		...system,
		settings: { ...settings, engine: settings.compareEngine },
		env: { ...system.env, ...compareVariables(settings) },
	};
}

function kafka({ settings, folder, java }: LocalSystem): PartDefinition {
	const port = settings.kafkaPort;
	return {
		name: "kafka",
		ports: { kafka: port },
		portVariables: [variableOf("kafkaPort")],
		graceMs: KAFKA_GRACE_MS,
		run: (run) =>
			runKafka(
				{
					port,
					java,
					dataDir: folder.kafka,
					cacheDir: kafkaCacheDirOf(settings),
					heapMb: settings.kafkaHeapMb,
				},
				run,
			),
	};
}

/** Where downloads are kept. Throws LocalKafkaError if no place can be used. */
export const cacheRootOf = ({ cacheDir }: { cacheDir: string }): string =>
	cacheRoot({ ...process.env, FIREWORKS_CACHE_DIR: cacheDir });

/** Where Kafka's jars are kept. */
export const kafkaCacheDirOf = (settings: { cacheDir: string }): string =>
	kafkaCacheDir(cacheRootOf(settings));

function service(
	name: Exclude<LocalPartName, "kafka">,
	{ settings, env, folder, java, relay }: Started,
	graceMs: number,
): PartDefinition {
	const http = settings[portSettingOf(name)];
	// The parts of a second engine are called PART-ENGINE.
	const part = (
		name in PROGRAMS ? name : name.split("-")[0]
	) as keyof typeof PROGRAMS;
	const next =
		name === "dashboard"
			? { PORT: String(http), HOSTNAME: settings.host, NODE_ENV: "production" }
			: {};
	return {
		name,
		ports: { http },
		portVariables: [variableOf(portSettingOf(name))],
		graceMs,
		run: async (run) => {
			const program =
				part === "metronome" || part === "processor"
					? await engineProgram(part, settings, java)
					: { args: [PROGRAMS[part]], env: {} };
			return runProgram(
				{
					...program,
					env: {
						...env,
						...(RELAYING.has(part) ? relay : {}),
						...(settings.engine === "spark" ? sparkFolder(folder, env) : {}),
						...program.env,
						...next,
					},
					healthUrl: `http://${reachable(settings.host)}:${http}`,
				},
				run,
			);
		},
	};
}

/**
 * By default the checkpoints are in the state folder. The parts run in another folder, so they must
 * be given its path.
 */
const sparkFolder = (folder: StateFolder, env: Environment) => {
	const name = variableOf("sparkCheckpointDir");
	return { [name]: env[name] || folder.spark };
};
