/** The variables of the local parts, and the environment of commands that read the topics. */
import { resolve } from "node:path";
import { type Environment, variableOf } from "@fireworks/contracts";
import { freePort } from "@fireworks/local-kafka";
import { CLI_EXIT, CliError } from "../exit-codes.ts";
import {
	type AllSettings,
	ownVariables,
	parseAll,
	stateFolderOf,
} from "../settings.ts";
import {
	localPartNames,
	OPTIONAL_PART_NAMES,
	portSettingOf,
} from "./part-names.ts";
import { readState } from "./state/state.ts";

const KAFKA_SECURITY = /^FIREWORKS_KAFKA_(TLS|SASL|OAUTH|AWS)/;

/** hdfs://host/folder, s3a://bucket/folder */
const isAddress = (folder: string) => /^[a-z0-9+.-]{2,}:/.test(folder);

/**
 * Completes an environment with the settings of the running system, so a changed port has to be set
 * only once. Throws as readState does.
 */
function rememberedEnvironment(env: Environment): Environment {
	const state = readState(stateFolderOf(env).stateFile);
	return { ...state?.settings, ...env };
}

/**
 * The variables that the parts get: those that were set, a free port for each port 0, and what
 * follows from the ports. Throws CliError (config) if two parts have the same port, or if a
 * variable is about a Kafka other than the local one.
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
			`${foreign.join(", ")}: the local system has a Kafka of its own, without TLS or users. Unset ${foreign.length === 1 ? "it" : "them"}; a Kafka of yours is for the targets kind and cluster (docs/operate/kafka-security.md).`,
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
	// A later `up` may add an optional part to the running system. Its port is chosen now, because
	// the supervisor keeps the environment that it was started with.
	const started = localPartNames(settings);
	for (const part of OPTIONAL_PART_NAMES) {
		if (started.includes(part)) continue;
		const name = portSettingOf(part);
		variables[variableOf(name)] = String(settings[name] || (await freePort()));
	}
	const page = variables[variableOf("dashboardPort")];
	variables[variableOf("brokers")] =
		`127.0.0.1:${variables[variableOf("kafkaPort")]}`;
	variables[variableOf("middlewareOrigins")] ??=
		`http://localhost:${page},http://127.0.0.1:${page},http://[::1]:${page},https://localhost:${page}`;
	// The local broker allows a short session. The partitions of a killed processor are then free
	// again in a third of the time.
	variables[variableOf("processorSessionTimeoutMs")] ??= "2000";
	// Such a path is relative to the user's folder, but the parts run in another one.
	if (settings.cacheDir)
		variables[variableOf("cacheDir")] = resolve(settings.cacheDir);
	if (settings.sparkCheckpointDir && !isAddress(settings.sparkCheckpointDir))
		variables[variableOf("sparkCheckpointDir")] = resolve(
			settings.sparkCheckpointDir,
		);
	if (settings.lake === "on")
		variables[variableOf("lakeDir")] = lakeFolderOf(env);
	if (settings.metronomeDevicesFile)
		variables[variableOf("metronomeDevicesFile")] = resolve(
			settings.metronomeDevicesFile,
		);
	return variables;
}

/** The folder of the lake's tables: the one that was set, or the state folder's. */
export const lakeFolderOf = (env: Environment): string =>
	resolve(env[variableOf("lakeDir")] || stateFolderOf(env).lake);

/**
 * The environment for commands that read the topics. The local brokers follow from the port;
 * brokers that were set are used as they are.
 */
export async function topicsEnvironment(
	env: Environment,
): Promise<Environment> {
	const remembered = rememberedEnvironment(env);
	if (remembered.FIREWORKS_BROKERS !== undefined) return remembered;
	return {
		...remembered,
		...(await partVariables(remembered, parseAll(remembered))),
	};
}
