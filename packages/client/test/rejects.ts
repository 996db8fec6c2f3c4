/** Compares a parser that checks by hand with a schema of packages/contracts. */
import fc from "fast-check";
import { expect } from "vitest";
import { BadFrame } from "../src/checks.ts";

/** The paths of all nested values, e.g. ["columns", "seq", "0"]. */
const paths = (value: unknown): string[][] =>
	typeof value !== "object" || value === null
		? [[]]
		: [
				[],
				...Object.entries(value).flatMap(([key, inner]) =>
					paths(inner).map((path) => [key, ...path]),
				),
			];

const replaced = (value: unknown, path: string[], by: unknown): unknown => {
	const [key, ...rest] = path;
	if (key === undefined) return by;
	const copy: Record<string, unknown> = Array.isArray(value)
		? ([...value] as never)
		: { ...(value as object) };
	copy[key] = replaced(copy[key], rest, by);
	return copy;
};

/** In any of the frames, any single value is replaced: what the schema rejects is rejected. */
export function rejectsAsTheSchemaDoes(
	frames: readonly unknown[],
	schema: { safeParse(value: unknown): { success: boolean } },
	parse: (data: unknown) => unknown,
): void {
	const taken = (frame: unknown): boolean => {
		try {
			return parse(JSON.stringify(frame)) !== undefined;
		} catch (error) {
			if (error instanceof BadFrame) return false;
			throw error;
		}
	};
	const wrong = fc.constantFrom<unknown>(
		null,
		true,
		-1,
		1.5,
		"x",
		"",
		[],
		{},
		[null],
		undefined,
	);
	fc.assert(
		fc.property(
			fc.constantFrom(...frames).chain((frame) =>
				fc.record({
					frame: fc.constant(frame),
					path: fc.constantFrom(...paths(frame).slice(1)),
				}),
			),
			wrong,
			({ frame, path }, value) => {
				const text = JSON.stringify(replaced(frame, path, value));
				const changed: unknown = JSON.parse(text);
				if (!schema.safeParse(changed).success)
					expect(taken(changed)).toBe(false);
			},
		),
		{ numRuns: 2_000 },
	);
}
