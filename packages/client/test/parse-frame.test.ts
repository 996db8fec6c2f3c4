import { type ServerFrame, serverFrameSchema } from "@fireworks/contracts";
import fc from "fast-check";
import { expect, it } from "vitest";
import { BadFrame, parseFrame } from "../src/parse-frame.ts";
import { batch, devices, hello } from "./frames.ts";

const FRAMES: ServerFrame[] = [
	hello(1),
	devices("a", "b"),
	batch("v1.1", 2, [0, 1], [3, 4]),
	{ ...batch("v1.1", 2, [], []), type: "snapshot" },
	{ type: "gap", from: "v1.1", to: "v1.2", count: 1 },
	{ type: "ping", serverTime: 5 },
	{ type: "error", code: "full", message: "10 clients" },
];

const taken = (frame: unknown): boolean => {
	try {
		return parseFrame(JSON.stringify(frame)) !== undefined;
	} catch (error) {
		if (error instanceof BadFrame) return false;
		throw error;
	}
};

it.each(FRAMES)("takes a $type frame as it is", (frame) => {
	expect(parseFrame(JSON.stringify(frame))).toEqual(frame);
});

/** All paths to a value inside, e.g. ["columns", "seq", "0"]. */
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

it("refuses what the schemas of packages/contracts refuse, for any one value replaced", () => {
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
			fc.constantFrom(...FRAMES).chain((frame) =>
				fc.record({
					frame: fc.constant(frame),
					path: fc.constantFrom(...paths(frame).slice(1)),
				}),
			),
			wrong,
			({ frame, path }, value) => {
				const text = JSON.stringify(replaced(frame, path, value));
				const changed: unknown = JSON.parse(text);
				if (!serverFrameSchema.safeParse(changed).success)
					expect(taken(changed)).toBe(false);
			},
		),
		{ numRuns: 2_000 },
	);
});
