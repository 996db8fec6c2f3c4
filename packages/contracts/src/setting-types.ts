/** Schemas from a variable's text to a value. Each says in its message what was expected: the person on call reads that. */
import { z } from "zod";

/** An integer from low to high, in decimal digits. */
export const integer = (low: number, high: number): z.ZodType<number, string> =>
	z
		.string()
		.refine(
			(t) => /^-?\d{1,16}$/.test(t) && Number(t) >= low && Number(t) <= high,
			`an integer from ${low} to ${high}`,
		)
		.transform(Number);

/** A text that the pattern and, where given, the rule accept. */
export const text = (
	pattern: RegExp,
	expected: string,
	rule: (t: string) => boolean = () => true,
): z.ZodType<string, string> =>
	z.string().refine((t) => pattern.test(t) && rule(t), expected);

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
		);
