/** From the environment to a part's settings, once, at its start: all problems at a time, never a half-right service. */
import type { z } from "zod";
import { kafkaSecurityProblems } from "./kafka-security-rules.ts";
import { SETTINGS, type Setting } from "./settings.ts";

export const SETTING_PREFIX = "FIREWORKS_";

export type SettingName = keyof typeof SETTINGS;
export type SettingValue<N extends SettingName> =
	(typeof SETTINGS)[N] extends Setting<infer T> ? T : never;
export type Settings<N extends SettingName> = {
	readonly [K in N]: SettingValue<K>;
};
export type Environment = Readonly<Record<string, string | undefined>>;

/** Stands for a secret's value, and for that of a variable that nobody knows: it may be a secret with a typing error in its name. */
const HIDDEN = "(not shown)";

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

	constructor(problems: readonly SettingProblem[], options?: ErrorOptions) {
		super(
			problems
				.map(
					(p) =>
						`${p.name}=${p.value === undefined ? "(absent)" : JSON.stringify(p.value)}: expected ${p.expected}`,
				)
				.join("\n"),
			options,
		);
		this.problems = problems;
	}
}

/** `metronomeIntervalMs` -> `FIREWORKS_METRONOME_INTERVAL_MS` */
export const variableOf = (name: SettingName): string =>
	SETTING_PREFIX + name.replace(/[A-Z]/g, (c) => `_${c}`).toUpperCase();

const KNOWN = new Set((Object.keys(SETTINGS) as SettingName[]).map(variableOf));

/** Why a file cannot be read; undefined where it can. */
export type Unreadable = (path: string) => string | undefined;

/**
 * The named settings from an environment. unreadable: looks at the files that settings name; without it they are not looked at.
 *
 * Throws SettingsError with all problems: wrong values of the named settings, those that do not fit together, and every variable with our prefix that is no setting of any part.
 */
export function parseSettings<N extends SettingName>(
	env: Environment,
	names: readonly N[],
	unreadable: Unreadable = () => undefined,
): Settings<N> {
	const problems: SettingProblem[] = [];
	const wrong = (name: SettingName, expected: string) => {
		const value = env[variableOf(name)];
		const { kind } = SETTINGS[name] as Setting<unknown>;
		problems.push({
			name: variableOf(name),
			value: value && kind === "secret" ? HIDDEN : value,
			expected,
		});
	};
	const values: Record<string, unknown> = {};
	for (const name of names) {
		const { schema, standard, kind } = SETTINGS[name] as Setting<unknown>;
		const value = env[variableOf(name)] ?? standard;
		const result = schema.safeParse(value);
		if (result.success) values[name] = result.data;
		else wrong(name, expectation(result.error));
		const why = kind === "file" && value ? unreadable(value) : undefined;
		if (why !== undefined) wrong(name, `a file that can be read: ${why}`);
		const file = `${name}File` as SettingName;
		if (kind === "secret" && value && env[variableOf(file)])
			wrong(file, `nothing: ${variableOf(name)} is set as well`);
	}
	if ((names as readonly SettingName[]).includes("kafkaSaslMechanism")) {
		const text = (name: SettingName) =>
			env[variableOf(name)] ?? SETTINGS[name].standard;
		for (const { name, expected } of kafkaSecurityProblems(text, variableOf))
			wrong(name, expected);
	}
	for (const name of Object.keys(env)) {
		if (name.startsWith(SETTING_PREFIX) && !KNOWN.has(name)) {
			problems.push({
				name,
				value: HIDDEN,
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
		return `one of ${issue.values.map((v) => v || "nothing").join(", ")}`;
	return issue?.message ?? "another value";
};
