/** Comments and Markdown end at column 100, so that they can be read next to the code. */
import { expect, test } from "vitest";
import { handwritten, proseOf } from "./tracked.ts";

const MAX = 100;
const TAB = "  ";

/** Without the targets of links: an address cannot be wrapped. */
const readable = (text: string) =>
	text.replaceAll(/\]\([^)]*\)/g, "]").replaceAll("\t", TAB);

/** Directives to a linter must stay on one line. */
const DIRECTIVE = /biome-ignore|# noqa|# type: ignore/;

const tooLong = (text: string) =>
	readable(text).length > MAX &&
	!DIRECTIVE.test(text) &&
	!/https?:\/\/\S{40}/.test(text);

test("comments and Markdown have at most 100 columns", () => {
	const found = handwritten.flatMap((path) =>
		proseOf(path)
			.filter(({ text }) => tooLong(text))
			.map(({ line, text }) => `${path}:${line}: ${text.trim()}`),
	);
	expect(found.join("\n")).toBe("");
});

test.each([
	["x".repeat(100), false],
	["x".repeat(101), true],
	[`[x](${"y".repeat(100)})`, false],
])("a line of this length: %s", (text, expected) => {
	expect(tooLong(text)).toBe(expected);
});
