/** The settings of the local system: everything checked before anything starts, and remembered for the words that come later. */

import { resolve } from "node:path";
import {
	type Environment,
	parseSettings,
	SETTING_PREFIX,
	SETTINGS,
	type SettingName,
	type Settings,
	SettingsError,
	variableOf,
} from "@fireworks/contracts";
import { freePort } from "@fireworks/local-kafka";
import { comparePartNames } from "./compare.ts";
import { CLI_EXIT, CliError } from "./exit-codes.ts";
import { type LocalPartName, PART_NAMES, type PartName } from "./part-names.ts";
import { ROOT, type StateFolder, stateFolder } from "./project.ts";
import { readState } from "./state/state-file.ts";

const KAFKA_SECURITY = /^FIREWORKS_KAFKA_(TLS|SASL|OAUTH|AWS)/;

export type AllSettings = Settings<SettingName>;

export const PORT_SETTINGS = {
	kafka: "kafkaPort",
	metronome: "metronomePort",
	processor: "processorPort",
	middleware: "middlewarePort",
	dashboard: "dashboardPort",
} as const satisfies Record<PartName, SettingName>;

/** Which setting a part's port is. */
export function portSettingOf(name: LocalPartName) {
	if (name in PORT_SETTINGS) return PORT_SETTINGS[name as PartName];
	return name.startsWith("processor-")
		? "compareProcessorPort"
		: "compareMiddlewarePort";
}

/** The parts of the local system with these settings. */
export const localPartNames = (
	settings: Pick<AllSettings, "compareEngine">,
): LocalPartName[] => [...PART_NAMES, ...comparePartNames(settings)];

/** Every setting of every part. Throws CliError (config) with all problems. */
export function parseAll(env: Environment): AllSettings {
	try {
		return parseSettings(env, Object.keys(SETTINGS) as SettingName[]);
	} catch (error) {
		if (!(error instanceof SettingsError)) throw error;
		throw new CliError(
			CLI_EXIT.config,
			`The settings are wrong:\n${error.message.replace(/^/gm, "  ")}`,
			{ cause: error },
		);
	}
}

/** The state folder of an environment: `.fireworks` of the clone, or what was set, seen from the current folder. */
export const stateFolderOf = (env: Environment): StateFolder => {
	const set = env[variableOf("stateDir")];
	return stateFolder(
		set ? resolve(set) : resolve(ROOT, SETTINGS.stateDir.standard),
	);
};

/** Our variables in an environment. */
export const ownVariables = (env: Environment): Record<string, string> =>
	Object.fromEntries(
		Object.entries(env).filter(
			(entry): entry is [string, string] =>
				entry[0].startsWith(SETTING_PREFIX) && entry[1] !== undefined,
		),
	);

/** An environment completed by what the running system was started with: a changed port needs to be said once. Throws as readState does. */
export function rememberedEnvironment(env: Environment): Environment {
	const state = readState(stateFolderOf(env).stateFile);
	return { ...state?.settings, ...env };
}

/**
 * The variables that the parts get: what was set, with free ports in the place of 0, and what follows from the ports.
 * Throws CliError (config) where two parts have one port, or where a variable is about another Kafka than the local one.
 */
export async function partVariables(
	env: Environment,
	settings: AllSettings,
): Promise<Record<string, string>> {
	const variables = ownVariables(env);
	const foreign = Object.keys(variables).filter(
		(name) =>
			KAFKA_SECURITY.test(name) &&
			!["", "false"].includes(variables[name] ?? ""),
	);
	if (foreign.length > 0)
		throw new CliError(
			CLI_EXIT.config,
			`${foreign.join(", ")}: the local system has a Kafka of its own, without TLS or users. Unset ${foreign.length === 1 ? "it" : "them"}; a Kafka of yours is for the targets kind and cluster (docs/kafka-security.md).`,
		);
	const taken = new Map<number, string>();
	for (const part of localPartNames(settings)) {
		const name = portSettingOf(part);
		const port = settings[name] || (await freePort());
		const variable = variableOf(name);
		const other = taken.get(port);
		if (other)
			throw new CliError(
				CLI_EXIT.config,
				`${other} and ${variable} are both ${port}: give each its own port.`,
			);
		taken.set(port, variable);
		variables[variable] = String(port);
	}
	const page = variables[variableOf("dashboardPort")];
	variables[variableOf("brokers")] =
		`127.0.0.1:${variables[variableOf("kafkaPort")]}`;
	variables[variableOf("middlewareOrigins")] ??=
		`http://localhost:${page},http://127.0.0.1:${page}`;
	// The local broker allows it, and a killed processor's partitions are free again in a third of the time.
	variables[variableOf("processorSessionTimeoutMs")] ??= "2000";
	if (settings.compareEngine)
		variables[variableOf("dashboardCompareWebsocketUrl")] ??=
			`:${variables[variableOf("compareMiddlewarePort")]}`;
	if (settings.metronomeDevicesFile)
		variables[variableOf("metronomeDevicesFile")] = resolve(
			settings.metronomeDevicesFile,
		);
	return variables;
}
