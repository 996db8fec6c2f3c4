/** From the environment to a part's settings, once, at its start: all problems at a time, never a half-right service. */
import type { z } from "zod";
import { SETTINGS, type Setting } from "./settings.ts";

export const SETTING_PREFIX = "FIREWORKS_";

export type SettingName = keyof typeof SETTINGS;
export type SettingValue<N extends SettingName> =
	(typeof SETTINGS)[N] extends Setting<infer T> ? T : never;
export type Settings<N extends SettingName> = {
	readonly [K in N]: SettingValue<K>;
};
export type Environment = Readonly<Record<string, string | undefined>>;

/** One wrong setting: the variable, what it held (undefined: absent), and what was expected. */
export interface SettingProblem {
	name: string;
	value: string | undefined;
	expected: string;
}

/** The settings are wrong; `problems` has every one of them. */
export class SettingsError extends Error {
	override name = "SettingsError";
	readonly problems: readonly SettingProblem[];

	constructor(problems: readonly SettingProblem[]) {
		super(
			problems
				.map(
					(p) =>
						`${p.name}=${p.value === undefined ? "(absent)" : JSON.stringify(p.value)}: expected ${p.expected}`,
				)
				.join("\n"),
		);
		this.problems = problems;
	}
}

/** `metronomeIntervalMs` -> `FIREWORKS_METRONOME_INTERVAL_MS` */
export const variableOf = (name: SettingName): string =>
	SETTING_PREFIX + name.replace(/[A-Z]/g, (c) => `_${c}`).toUpperCase();

const KNOWN = new Set((Object.keys(SETTINGS) as SettingName[]).map(variableOf));

/**
 * The named settings from an environment.
 *
 * Throws SettingsError with all problems: wrong values of the named settings, and every variable with our prefix that is no setting of any part.
 */
export function parseSettings<N extends SettingName>(
	env: Environment,
	names: readonly N[],
): Settings<N> {
	const problems: SettingProblem[] = [];
	const values: Record<string, unknown> = {};
	for (const name of names) {
		const { schema, standard } = SETTINGS[name] as Setting<unknown>;
		const value = env[variableOf(name)];
		const result = schema.safeParse(value ?? standard);
		if (result.success) values[name] = result.data;
		else
			problems.push({
				name: variableOf(name),
				value,
				expected: expectation(result.error),
			});
	}
	for (const name of Object.keys(env)) {
		if (name.startsWith(SETTING_PREFIX) && !KNOWN.has(name)) {
			problems.push({
				name,
				value: env[name],
				expected:
					"no such variable: no part has this setting (docs/settings.md lists them all)",
			});
		}
	}
	if (problems.length > 0) throw new SettingsError(problems);
	return values as Settings<N>;
}

const expectation = (error: z.ZodError): string => {
	const issue = error.issues[0];
	if (issue?.code === "invalid_value")
		return `one of ${issue.values.join(", ")}`;
	return issue?.message ?? "another value";
};
