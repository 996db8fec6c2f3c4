/**
 * The catalogue of settings for engines in other languages: names, defaults and checks as JSON, so
 * there is one source of truth. `pnpm run docs` writes it; a test in packages/contracts checks that
 * the file is up to date.
 */
import {
	defaultText,
	REMOVED_SETTINGS,
	SETTINGS,
	type Setting,
	type SettingName,
	variableOf,
} from "@fireworks/contracts";
import { z } from "zod";
import type { SettingCheck } from "../packages/contracts/src/setting-types.ts";

/** Path from the root. */
export const SETTINGS_CATALOGUE =
	"engines/python/src/fireworks_engine/settings.json";

/**
 * `any`: every text; `use` says that it is a secret, or names a file. `other`: a check that only
 * TypeScript has. An engine that reads such a setting must implement the check itself.
 */
export type CatalogueCheck =
	| SettingCheck
	| { kind: "choice"; choices: string[] }
	| { kind: "any" | "other" };

export const settingChecks = (): Record<string, CatalogueCheck> =>
	Object.fromEntries(
		(Object.keys(SETTINGS) as SettingName[]).map((name) => [
			variableOf(name),
			checkOf(SETTINGS[name].schema as z.ZodType),
		]),
	);

export const settingsCatalogue = (): string => {
	const checks = settingChecks();
	const settings = (Object.keys(SETTINGS) as SettingName[]).map((name) => {
		const setting = SETTINGS[name] as Setting<string>;
		const variable = variableOf(name);
		const use = setting.kind && { use: setting.kind };
		return [
			variable,
			{ default: defaultText(setting), ...checks[variable], ...use },
		];
	});
	return `${JSON.stringify(
		{ settings: Object.fromEntries(settings), removed: REMOVED_SETTINGS },
		null,
		"\t",
	)}\n`;
};

function checkOf(schema: z.ZodType): CatalogueCheck {
	const check = schema.meta()?.check as SettingCheck | undefined;
	if (check !== undefined) return check;
	const first = schema instanceof z.ZodPipe ? schema.in : schema;
	if (first instanceof z.ZodEnum)
		return { kind: "choice", choices: first.options.map(String) };
	const plain = schema instanceof z.ZodString && !schema.def.checks?.length;
	return { kind: plain ? "any" : "other" };
}

/** Path from the root of the file that tells bootstrap.sh about the settings. */
export const SETTINGS_LIST = "scripts/bootstrap/settings.txt";

/** With Docker these settings name files of the host, though their kind does not say so. */
const HOST_FILES: Readonly<Record<string, string>> = {
	metronomeDevicesFile: "file",
	helmValues: "files",
};

/**
 * One line "VARIABLE KIND DEFAULT" per setting, for the shell. KIND: file, files (separated by
 * commas) or value.
 */
export const settingsList = (): string =>
	(Object.keys(SETTINGS) as SettingName[])
		.map((name) => {
			const setting = SETTINGS[name] as Setting<string>;
			const { kind } = setting;
			const use = kind === "file" ? "file" : (HOST_FILES[name] ?? "value");
			return `${variableOf(name)} ${use} ${defaultText(setting)}\n`;
		})
		.join("");
