/**
 * Schemas that convert a variable's text to a value. Each error message says what was expected, for
 * the person on call. The schema's meta holds what a program in another language needs for the same
 * check (scripts/settings-catalogue.ts).
 */
import { z } from "zod";

/** How a text is checked, as data. `rule`: the pattern alone is not sufficient. */
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

/** A text that matches the pattern and, if there is one, the rule. */
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

/** Texts separated by commas, at least one, each matching the pattern. */
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
