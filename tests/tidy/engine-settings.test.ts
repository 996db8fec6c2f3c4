/**
 * The engines in Python and Scala read their settings by name from settings.json. A name that is
 * not there fails only when that line runs.
 */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { linesOf, tracked } from "./tracked.ts";

const { settings } = JSON.parse(
	readFileSync("engines/python/src/fireworks_engine/settings.json", "utf8"),
) as { settings: Record<string, unknown> };

/** `settings.int("PARTITIONS")` in Scala, `settings["PARTITIONS"]` in Python. */
const READ = /\bsettings(?:\.\w+)?[([]"([A-Z][A-Z_]+)"/g;

const read = tracked
	.filter((path) => /^engines\/.*\.(py|scala)$/.test(path))
	.flatMap((path) =>
		[...linesOf(path).join("\n").matchAll(READ)].map(([, name = ""]) => ({
			path,
			name,
		})),
	);

test("the engines read settings", () => {
	for (const extension of [".py", ".scala"])
		expect(
			read.filter(({ path }) => path.endsWith(extension)).length,
		).toBeGreaterThan(10);
});

test("every setting that an engine reads exists", () => {
	expect(read.filter(({ name }) => !(`FIREWORKS_${name}` in settings))).toEqual(
		[],
	);
});
