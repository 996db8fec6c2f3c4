/**
 * Schemas from a variable's text to a value. Each says in its message what was expected: the person on call reads that. What a program in another
 * language needs to check the same is in their meta (scripts/settings-catalogue.ts).
 */
import { z } from "zod";

/** How a text is checked, as data. `rule`: there is more to it than the pattern. */
export type SettingCheck =
	| { kind: "integer"; low: number; high: number }
	| {
			kind: "text" | "list";
			pattern: string;
			expected: string;
			rule?: boolean;
	  };

const checkedBy = (check: SettingCheck) => ({ check });

/** An integer from low to high, in decimal digits. */
export const integer = (low: number, high: number): z.ZodType<number, string> =>
	z
		.string()
		.refine(
			(t) => /^-?\d{1,16}$/.test(t) && Number(t) >= low && Number(t) <= high,
			`an integer from ${low} to ${high}`,
		)
		.transform(Number)
		.meta(checkedBy({ kind: "integer", low, high }));

/** A text that the pattern and, where given, the rule accept. */
export const text = (
	pattern: RegExp,
	expected: string,
	rule?: (t: string) => boolean,
): z.ZodType<string, string> =>
	z
		.string()
		.refine((t) => pattern.test(t) && (rule?.(t) ?? true), expected)
		.meta(
			checkedBy({
				kind: "text",
				pattern: pattern.source,
				expected,
				...(rule === undefined ? {} : { rule: true }),
			}),
		);

/** Texts separated by commas, at least one, each accepted by the pattern. */
export const list = (
	pattern: RegExp,
	expected: string,
): z.ZodType<string[], string> =>
	z
		.string()
		.transform((t) => t.split(",").map((part) => part.trim()))
		.refine(
			(parts) => parts.every((part) => pattern.test(part)),
			`${expected}, separated by commas`,
		)
		.meta(checkedBy({ kind: "list", pattern: pattern.source, expected }));
