/**
 * The catalogue of settings for engines in other languages: names, standards and checks as JSON, so that there is one source of truth.
 * `pnpm docs` writes it; a test in packages/contracts holds the file against this.
 */
import { SETTINGS, type SettingName, variableOf } from "@fireworks/contracts";
import { z } from "zod";
import type { SettingCheck } from "../packages/contracts/src/setting-types.ts";

/** From the root. */
export const SETTINGS_CATALOGUE =
	"engines/python/src/fireworks_engine/settings.json";

/** `any`: every text; `use` says that it is a secret, or names a file. `other`: a check that only TypeScript has; an engine that reads such a setting must bring its own. */
type CatalogueCheck =
	| SettingCheck
	| { kind: "choice"; choices: string[] }
	| { kind: "any" | "other" };

export const settingsCatalogue = (): string =>
	`${JSON.stringify(
		Object.fromEntries(
			(Object.keys(SETTINGS) as SettingName[]).map((name) => {
				const { standard, schema, kind: use } = SETTINGS[name];
				const check = checkOf(schema as z.ZodType);
				return [variableOf(name), { standard, ...check, ...(use && { use }) }];
			}),
		),
		null,
		"\t",
	)}\n`;

function checkOf(schema: z.ZodType): CatalogueCheck {
	const check = schema.meta()?.check as SettingCheck | undefined;
	if (check !== undefined) return check;
	const first = schema instanceof z.ZodPipe ? schema.in : schema;
	if (first instanceof z.ZodEnum)
		return { kind: "choice", choices: first.options.map(String) };
	const plain = schema instanceof z.ZodString && !schema.def.checks?.length;
	return { kind: plain ? "any" : "other" };
}
