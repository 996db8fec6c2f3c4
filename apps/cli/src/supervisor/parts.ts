/** The five parts of the local system, and those of an engine that is compared: what is run, with which settings, and where it answers. */

import { resolve } from "node:path";
import { type Environment, variableOf } from "@fireworks/contracts";
import { type Java, kafkaCacheDir } from "@fireworks/local-kafka";
import { comparePartNames, compareVariables } from "../compare.ts";
import { type AllSettings, portSettingOf } from "../local-settings.ts";
import type { LocalPartName } from "../part-names.ts";
import { PROGRAMS, type StateFolder } from "../project.ts";
import { engineProgram } from "./engine-program.ts";
import { launchKafka } from "./kafka-part.ts";
import type { PartDefinition } from "./part.ts";
import { launchProcess } from "./process-part.ts";

/** Beyond the service's own grace time. */
const GRACE_MARGIN_MS = 2_000;
/** Kafka closes its logs, and writes its class archive at its first end. */
const KAFKA_GRACE_MS = 30_000;
const DASHBOARD_GRACE_MS = 5_000;

export interface LocalSystem {
	settings: AllSettings;
	/** Of the parts: the person's own, with partVariables. */
	env: Environment;
	folder: StateFolder;
	java: Java;
}

/** In the order of LOCAL_PART_NAMES. */
export function partDefinitions(system: LocalSystem): PartDefinition[] {
	const { settings } = system;
	const serviceGraceMs = settings.stopGraceMs + GRACE_MARGIN_MS;
	return [
		kafka(system),
		service("metronome", system, serviceGraceMs),
		service("processor", system, serviceGraceMs),
		service("middleware", system, serviceGraceMs),
		service("dashboard", system, DASHBOARD_GRACE_MS),
		...comparePartNames(settings).map((name) =>
			service(name, compared(system), serviceGraceMs),
		),
	];
}

/** The same system with the second engine's settings. */
function compared(system: LocalSystem): LocalSystem {
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
		graceMs: KAFKA_GRACE_MS,
		launch: (life) =>
			launchKafka(
				{
					port,
					java,
					dataDir: folder.kafka,
					cacheDir: kafkaCacheDirOf(settings),
					heapMb: settings.kafkaHeapMb,
				},
				life,
			),
	};
}

/** Where the jars are kept. */
export const kafkaCacheDirOf = ({ cacheDir }: { cacheDir: string }): string =>
	kafkaCacheDir(cacheDir === "" ? undefined : resolve(cacheDir));

function service(
	name: Exclude<LocalPartName, "kafka">,
	{ settings, env, folder }: LocalSystem,
	graceMs: number,
): PartDefinition {
	const http = settings[portSettingOf(name)];
	const part = name.split("-")[0] as keyof typeof PROGRAMS;
	const next =
		name === "dashboard"
			? { PORT: String(http), HOSTNAME: settings.host, NODE_ENV: "production" }
			: {};
	return {
		name,
		ports: { http },
		graceMs,
		launch: async (life) => {
			const program =
				part === "metronome" || part === "processor"
					? await engineProgram(part, settings)
					: { args: [PROGRAMS[part]], env: {} };
			return launchProcess(
				{
					...program,
					env: {
						...env,
						...(settings.engine === "spark" ? sparkFolder(folder, env) : {}),
						...program.env,
						...next,
					},
					healthUrl: `http://${reachable(settings.host)}:${http}`,
				},
				life,
			);
		},
	};
}

/** The checkpoints lie in the state folder, which the parts would look for from where they run. */
const sparkFolder = (folder: StateFolder, env: Environment) => {
	const name = variableOf("sparkCheckpointDir");
	return { [name]: env[name] || folder.spark };
};

/** An address to reach what listens on `host` from this machine. */
export const reachable = (host: string): string => {
	if (host === "0.0.0.0") return "127.0.0.1";
	if (host === "::") return "[::1]";
	return host.includes(":") ? `[${host}]` : host;
};
