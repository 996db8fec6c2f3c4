/**
 * Variables that have our prefix but are not settings: is one a misspelt setting, a setting of an
 * earlier version, or another product's variable?
 *
 * A misspelt setting must stop a service, because the service would run with a default that the
 * user did not choose. Another product's variable must not: FIREWORKS_API_KEY, for example, belongs
 * to an AI provider of the same name and is in many shells. Only the name counts, never the value,
 * which may be a secret. A setting of an earlier version must not stop a service either: an upgrade
 * would stop a running system. The Python and the Spark engine follow the same rule;
 * vectors/unknown-variables.json tests all three.
 */
import { REMOVED_SETTINGS, SETTINGS } from "./settings.ts";

export const SETTING_PREFIX = "FIREWORKS_";

type SettingKey = keyof typeof SETTINGS;

/** `metronomeIntervalMs` -> `FIREWORKS_METRONOME_INTERVAL_MS` */
export const variableOf = (name: SettingKey): string =>
	SETTING_PREFIX + name.replace(/[A-Z]/g, (c) => `_${c}`).toUpperCase();

const KNOWN = new Set((Object.keys(SETTINGS) as SettingKey[]).map(variableOf));
const SORTED = [...KNOWN].sort();

/** Whether this variable is a setting of some part. */
export const isSetting = (variable: string): boolean => KNOWN.has(variable);

/** Variables that have our prefix but are unknown to every part, by kind. */
export interface UnknownVariables {
	/** Probably misspelt settings, each with the setting that was probably meant. */
	misspelt: { name: string; meant: string }[];
	/** Variables that were settings in an earlier version. */
	removed: string[];
	/** Variables of another product, sorted. */
	foreign: string[];
}

export function unknownVariables(names: Iterable<string>): UnknownVariables {
	const found: UnknownVariables = { misspelt: [], removed: [], foreign: [] };
	for (const name of [...names].sort()) {
		if (!name.startsWith(SETTING_PREFIX) || KNOWN.has(name)) continue;
		if (Object.hasOwn(REMOVED_SETTINGS, name)) {
			found.removed.push(name);
			continue;
		}
		const meant = meantSetting(name);
		if (meant === undefined) found.foreign.push(name);
		else found.misspelt.push({ name, meant });
	}
	return found;
}

/** Lines for a log or a terminal: which of these variables are ignored, and why. */
export function ignoredWarnings(names: Iterable<string>): string[] {
	const { removed, foreign } = unknownVariables(names);
	const warnings = removed.map(
		(name) => `${name} is no longer a setting: ${REMOVED_SETTINGS[name]}`,
	);
	if (foreign.length > 0) warnings.push(foreignWarning(foreign));
	return warnings;
}

const foreignWarning = (foreign: readonly string[]): string =>
	`${foreign.join(", ")}: not a setting of this project, so ${foreign.length === 1 ? "it is" : "they are"} ignored (docs/operate/settings.md lists the settings)`;

/**
 * The environment of child processes: without the variables that have our prefix but are not
 * settings.
 */
export const withoutUnknown = <T>(
	env: Readonly<Record<string, T>>,
): Record<string, T> =>
	Object.fromEntries(
		Object.entries(env).filter(
			([name]) => !name.startsWith(SETTING_PREFIX) || KNOWN.has(name),
		),
	);

/**
 * The setting with the most similar name, or undefined if none is similar enough. Among equally
 * similar ones it is the first by name.
 */
function meantSetting(variable: string): string | undefined {
	const given = variable.slice(SETTING_PREFIX.length).toUpperCase();
	let best: { known: string; edits: number } | undefined;
	for (const known of SORTED) {
		const name = known.slice(SETTING_PREFIX.length);
		const edits = sameWords(given, name)
			? 0
			: Math.abs(given.length - name.length) > editsMax(name)
				? Number.POSITIVE_INFINITY
				: editDistance(given, name);
		if (edits <= editsMax(name) && edits < (best?.edits ?? 99))
			best = { known, edits };
	}
	return best?.known;
}

/**
 * How many typing errors a name of this length may have. Two errors in a name of four letters make
 * another word: PORT is not HOST.
 */
const editsMax = (name: string): number =>
	name.length < 6 ? 1 : name.length < 16 ? 2 : 3;

/**
 * Whether the name has the words of a setting in another order, or with one missing if two or more
 * are left: KAFKA_HEAP for KAFKA_HEAP_MB.
 */
function sameWords(given: string, name: string): boolean {
	const words = given.split("_").filter((word) => word !== "");
	const left = name.split("_");
	for (const word of words) {
		const at = left.indexOf(word);
		if (at < 0) return false;
		left.splice(at, 1);
	}
	return left.length === 0 || (left.length === 1 && words.length >= 2);
}

/**
 * The number of insertions, deletions, substitutions and swaps of neighbours (Damerau-Levenshtein,
 * optimal string alignment).
 */
function editDistance(a: string, b: string): number {
	let beforeLast: number[] = [];
	let last = Array.from({ length: b.length + 1 }, (_, j) => j);
	for (let i = 1; i <= a.length; i += 1) {
		const row = [i];
		for (let j = 1; j <= b.length; j += 1) {
			const substitution = a[i - 1] === b[j - 1] ? 0 : 1;
			let edits = Math.min(
				(last[j] as number) + 1,
				(row[j - 1] as number) + 1,
				(last[j - 1] as number) + substitution,
			);
			if (i > 1 && j > 1 && a[i - 1] === b[j - 2] && a[i - 2] === b[j - 1])
				edits = Math.min(edits, (beforeLast[j - 2] as number) + 1);
			row.push(edits);
		}
		beforeLast = last;
		last = row;
	}
	return last[b.length] as number;
}
