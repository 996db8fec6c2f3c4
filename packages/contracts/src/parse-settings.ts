/**
 * Parses a part's settings from the environment, once, at startup. It reports all problems at once,
 * and a service never starts with some of its settings wrong.
 */
import type { z } from "zod";
import { kafkaSecurityProblems } from "./kafka-security-rules.ts";
import { defaultText, SETTINGS, type Setting } from "./settings.ts";
import { unknownVariables, variableOf } from "./unknown-variables.ts";

export type SettingName = keyof typeof SETTINGS;
export type SettingValue<N extends SettingName> =
	(typeof SETTINGS)[N] extends Setting<infer T> ? T : never;
export type Settings<N extends SettingName> = {
	readonly [K in N]: SettingValue<K>;
};
export type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Shown instead of a secret's value, and instead of the value of a misspelt variable, which may be
 * a secret with a typing error in its name.
 */
const HIDDEN = "(not shown)";

/** One wrong setting: the variable, its value (undefined: absent), and what was expected. */
export interface SettingProblem {
	name: string;
	value: string | undefined;
	expected: string;
}

/** The settings are wrong. `problems` lists every problem. */
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

/** Why a file cannot be read, or undefined if it can. */
export type Unreadable = (path: string) => string | undefined;

/**
 * Parses the named settings from an environment. unreadable: checks the files that settings name;
 * without it the files are not checked.
 *
 * Throws SettingsError with all problems: invalid values, settings that do not fit together, and
 * every variable that looks like a misspelt setting. Other variables with our prefix belong to
 * another product and are ignored here; unknownVariables() lists them for a warning.
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
		const definition = SETTINGS[name] as Setting<unknown>;
		const { schema, kind } = definition;
		const value = env[variableOf(name)] ?? defaultText(definition);
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
			env[variableOf(name)] ?? defaultText(SETTINGS[name]);
		for (const { name, expected } of kafkaSecurityProblems(text, variableOf))
			wrong(name, expected);
	}
	for (const { name, meant } of unknownVariables(Object.keys(env)).misspelt)
		problems.push({
			name,
			value: HIDDEN,
			expected: `no such variable: did you mean ${meant}? (docs/operate/settings.md lists all settings)`,
		});
	if (problems.length > 0) throw new SettingsError(problems);
	return values as Settings<N>;
}

const expectation = (error: z.ZodError): string => {
	const issue = error.issues[0];
	if (issue?.code === "invalid_value")
		return `one of ${issue.values.map((v) => v || "nothing").join(", ")}`;
	return issue?.message ?? "another value";
};
