/**
 * The chart's `config` map: which settings it accepts, and the schema of each. The settings
 * themselves say where the chart has them (`chart` in packages/contracts/src/settings).
 */
import {
	REMOVED_SETTINGS,
	SETTINGS,
	type Setting,
	type SettingName,
	variableOf,
} from "@fireworks/contracts";
import { type CatalogueCheck, settingChecks } from "../settings-catalogue.ts";

const ALL = (Object.keys(SETTINGS) as SettingName[]).map((name) => ({
	variable: variableOf(name),
	chart: (SETTINGS[name] as Setting<string>).chart,
}));

/** The variables that `config` accepts, in the catalogue's order. */
export const configVariables = (): string[] =>
	ALL.filter(({ chart }) => chart === "config").map((s) => s.variable);

/** The values of the chart that other settings are made of. */
export const valuesOfSettings = (): string[] =>
	ALL.flatMap(({ chart }) =>
		typeof chart === "object" ? Object.values(chart) : [],
	).filter((value) => value !== "");

/** Settings of earlier versions that an existing `config` may still hold. */
const removedVariables = () =>
	Object.entries(REMOVED_SETTINGS).filter(([variable]) =>
		/^FIREWORKS_(METRONOME|PROCESSOR|MIDDLEWARE|DASHBOARD)_.*_(MAX|MS)$/.test(
			variable,
		),
	);

/** JSON Schema of `config`. */
export function configSchema(): object {
	const checks = settingChecks();
	return {
		type: "object",
		additionalProperties: false,
		properties: Object.fromEntries([
			...configVariables().map((variable) => [
				variable,
				schemaOf(checks[variable] as CatalogueCheck),
			]),
			// The upgrade of a release that sets one must not fail. The pods log a warning.
			...removedVariables().map(([variable, instead]) => [
				variable,
				{ description: `No longer a setting: ${instead}` },
			]),
		]),
	};
}

function schemaOf(check: CatalogueCheck): object {
	switch (check.kind) {
		case "integer":
			// A number, or its digits. The services check the bounds of the digits.
			return {
				anyOf: [
					{ type: "integer", minimum: check.low, maximum: check.high },
					{ type: "string", pattern: "^-?[0-9]{1,16}$" },
				],
			};
		case "text":
			return { type: "string", pattern: check.pattern };
		case "choice":
			return { type: "string", enum: check.choices };
		default:
			return { type: "string" };
	}
}
