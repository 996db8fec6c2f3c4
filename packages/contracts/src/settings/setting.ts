/** One setting of the catalogue, and the kinds of settings that several parts share. */
import { z } from "zod";
import { integer, text } from "../setting-types.ts";

/** secret: its value is never shown. file: its value, if set, is the path of a readable file. */
type SettingKind = "secret" | "file";

/**
 * Who needs the setting. common: most users at some time. security: people who run Fireworks for
 * others, or with a Kafka that requires credentials. tuning: few users, tests and benchmarks.
 */
export type SettingTier = "common" | "security" | "tuning";

/**
 * Where the chart has the setting. "config": in its `config` map. value: the value of the chart
 * that is passed on as it is. setBy: the value from which the chart makes the setting; "": the pods
 * need a fixed one. A setting without a place is not read by any pod.
 */
export type ChartPlace = "config" | { value: string } | { setBy: string };

/**
 * Numbers, booleans and lists are written as such. A setting whose value has a structure of its own
 * has the text of it.
 */
type Default<T> = T extends number
	? number
	: T extends boolean
		? boolean
		: T extends string[]
			? string[]
			: string;

export interface Setting<T> {
	/** Converts the variable's text to its value. */
	schema: z.ZodType<T, string>;
	/** Used if the variable is not set. */
	default: Default<T>;
	/** What the number counts. */
	unit?: "ms" | "MB" | "bytes" | "records";
	tier: SettingTier;
	about: string;
	kind?: SettingKind;
	chart?: ChartPlace;
}

export const setting = <T>(definition: Setting<T>): Setting<T> => definition;

/** The default as the text of an environment variable. */
export const defaultText = (definition: {
	default: number | boolean | string | string[];
}): string => String(definition.default);

export const port = () => integer(0, 65_535);

export const topic = () =>
	text(
		/^[a-zA-Z0-9._-]{1,249}$/,
		"a topic name of 1 to 249 of a-z A-Z 0-9 . _ -",
	);

/** One of these texts. The type is that of the texts. */
export const choice = <const T extends string>(
	choices: readonly [T, ...T[]],
): z.ZodType<T, string> => z.enum(choices) as unknown as z.ZodType<T, string>;

type Details = Pick<Setting<string>, "tier" | "about" | "chart">;

/** Any text; empty by default. */
export const anyText = (details: Details): Setting<string> =>
	setting({ schema: z.string(), default: "", ...details });

/** A secret, which is never shown. The setting of the same name plus "File" may hold it instead. */
export const secret = (details: Details): Setting<string> => ({
	...anyText(details),
	kind: "secret",
});

/** The path of a file that the part must be able to read; empty by default. */
export const file = (details: Details): Setting<string> => ({
	...anyText(details),
	kind: "file",
});

export const DAY_MS = 86_400_000;
