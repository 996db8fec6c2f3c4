/**
 * The chart's values from the user's settings and files. They are read and checked before anything
 * is made: a wrong path should not cost the minutes that a cluster takes.
 */
import { readFileSync } from "node:fs";
import { resolve } from "node:path";
import {
	type Environment,
	SETTINGS,
	type SettingName,
	variableOf,
} from "@fireworks/contracts";
import { CLI_EXIT, CliError } from "../exit-codes.ts";
import type { Values } from "./helm/chart.ts";
import { checkValues } from "./helm/release.ts";
import { chartValues, type ValuesInput } from "./helm/values.ts";
import { isInternal, type Site } from "./site.ts";

export type MadeHere = Pick<ValuesInput, "images" | "addresses">;

/**
 * Throws CliError (config) with a line for each file that cannot be used, or with helm's message.
 */
export async function checkInputs(
	site: Site,
	chartFiles: readonly string[],
	made: MadeHere = {},
): Promise<void> {
	const problems = [
		...ownValuesFiles(site).map((file) =>
			problemOf(site, "FIREWORKS_HELM_VALUES", file, () => {}),
		),
		...devicesFiles(site).map((file) =>
			problemOf(site, "FIREWORKS_METRONOME_DEVICES_FILE", file, JSON.parse),
		),
	].filter((problem) => problem !== undefined);
	if (problems.length > 0)
		throw new CliError(CLI_EXIT.config, problems.join("\n"));
	const files = [...chartFiles, ...ownValuesFiles(site)];
	await checkValues(site, files, valuesOf(site, made));
}

/** The values from the settings, which override all files. */
export function valuesOf(site: Site, made: MadeHere): Values {
	const [file] = devicesFiles(site);
	return chartValues({
		settings: site.settings,
		set: namesSet(site.env),
		pipelines: site.pipelines,
		...made,
		...(file ? { devices: JSON.parse(readFileSync(file, "utf8")) } : {}),
	});
}

/** The files of FIREWORKS_HELM_VALUES, relative to the current folder. */
export const ownValuesFiles = ({ settings }: Site): string[] =>
	settings.helmValues
		.split(",")
		.map((file) => file.trim())
		.filter((file) => file !== "")
		.map((file) => resolve(file));

const devicesFiles = ({ settings }: Site): string[] =>
	settings.metronomeDevicesFile === ""
		? []
		: [resolve(settings.metronomeDevicesFile)];

const namesSet = (env: Environment): SettingName[] =>
	(Object.keys(SETTINGS) as SettingName[]).filter(
		(name) => env[variableOf(name)] !== undefined,
	);

const REASONS: Record<string, string> = {
	ENOENT: "there is no such file",
	EACCES: "your user may not read it",
	EISDIR: "it is a folder",
};

/** The problem in one line, or undefined if the file is fine. */
function problemOf(
	{ settings }: Site,
	variable: string,
	file: string,
	parse: (text: string) => unknown,
): string | undefined {
	try {
		parse(readFileSync(file, "utf8"));
		return undefined;
	} catch (error) {
		const { code = "", message } = error as NodeJS.ErrnoException;
		const why = REASONS[code] ?? message.replaceAll(/\s+/g, " ");
		const hint =
			code === "ENOENT" && isInternal(settings)
				? " (the devcontainer sees only files of this clone: put it there)"
				: "";
		return `${variable}: ${file} cannot be read: ${why}${hint}.`;
	}
}
