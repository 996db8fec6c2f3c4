/** The settings that both targets share. All are checked before anything starts. */

import { resolve } from "node:path";
import {
	type Environment,
	isSetting,
	parseSettings,
	SETTINGS,
	type SettingName,
	type Settings,
	SettingsError,
	variableOf,
} from "@fireworks/contracts";
import { CLI_EXIT, CliError } from "./exit-codes.ts";
import { ROOT, type StateFolder, stateFolder } from "./project.ts";

export type AllSettings = Settings<SettingName>;

/**
 * Settings that only the build of the devcontainer reads (scripts/bootstrap): the sources of its
 * tools and of its base image.
 */
const OF_THE_DEVCONTAINER_BUILD =
	/^FIREWORKS_((DOCKER_CLI|BUILDX|KIND|KUBECTL|HELM)_(URL|SHA256)|DEVCONTAINER_IMAGE|OWNER)$/;

/**
 * Removes the settings of the devcontainer's build. A shell that exports them runs the CLI as well.
 * The CLI must neither reject them as unknown nor pass them to the services, which would.
 */
export function dropBuildSettings(env: NodeJS.ProcessEnv): void {
	for (const name of Object.keys(env))
		if (OF_THE_DEVCONTAINER_BUILD.test(name)) delete env[name];
}

/** All settings of all parts. Throws CliError (config) with all problems. */
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

/**
 * The state folder: `.fireworks` of the clone, or the folder that was set, relative to the current
 * folder.
 */
export const stateFolderOf = (env: Environment): StateFolder => {
	const set = env[variableOf("stateDir")];
	return stateFolder(
		set ? resolve(set) : resolve(ROOT, SETTINGS.stateDir.default),
	);
};

/** The FIREWORKS_ settings in an environment. */
export const ownVariables = (env: Environment): Record<string, string> =>
	Object.fromEntries(
		Object.entries(env).filter(
			(entry): entry is [string, string] =>
				isSetting(entry[0]) && entry[1] !== undefined,
		),
	);
