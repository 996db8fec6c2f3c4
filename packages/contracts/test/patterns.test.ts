/**
 * Three languages check the settings' patterns. A pattern must not contain anything that one of
 * them reads differently.
 */
import { expect, test } from "vitest";
import { settingsCatalogue } from "../../../scripts/settings-catalogue.ts";

const { settings } = JSON.parse(settingsCatalogue()) as {
	settings: Record<string, { pattern?: string }>;
};
const patterns = Object.entries(settings).flatMap(([name, { pattern }]) =>
	pattern === undefined ? [] : [[name, pattern] as const],
);

/** An unescaped bracket in a class: Java reads it as a nested class. */
const NESTED_CLASS = /(?<!\\)(?:\\\\)*\[(?:\\.|[^\]\\])*?(?<!\\)(?:\\\\)*\[/;

test("there are patterns", () => {
	expect(patterns.length).toBeGreaterThan(5);
	expect("^[a[b]]$").toMatch(NESTED_CLASS);
	expect(String.raw`^[a\[b]$`).not.toMatch(NESTED_CLASS);
});

test.each(patterns)("%s has no class within a class", (_, pattern) => {
	expect(pattern).not.toMatch(NESTED_CLASS);
});
