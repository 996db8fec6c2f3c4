/** One setting of the catalogue, and the kinds that several parts have. */
import type { z } from "zod";
import { integer, text } from "../setting-types.ts";

/** secret: its value is never shown. file: where set, a file that can be read. */
export type SettingKind = "secret" | "file";

/** schema: from the variable's text to its value. standard: the value where the variable is absent, as text. */
export interface Setting<T> {
	schema: z.ZodType<T, string>;
	standard: string;
	about: string;
	kind?: SettingKind | undefined;
}

export const setting = <T>(
	schema: z.ZodType<T, string>,
	standard: string,
	about: string,
	kind?: SettingKind,
): Setting<T> => ({ schema, standard, about, kind });

export const port = () => integer(0, 65_535);

export const topic = () =>
	text(
		/^[a-zA-Z0-9._-]{1,249}$/,
		"a topic name of 1 to 249 of a-z A-Z 0-9 . _ -",
	);

export const DAY_MS = 86_400_000;
