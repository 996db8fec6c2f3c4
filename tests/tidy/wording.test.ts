/**
 * Plain English, everywhere: comments, messages, names and documents use the field's standard
 * terms. vocabulary.ts lists what to avoid and what to write instead.
 */
import { expect, test } from "vitest";
import { handwritten, linesOf } from "./tracked.ts";
import { VOCABULARY } from "./vocabulary.ts";

const findings = (line: string): string[] =>
	VOCABULARY.filter(({ pattern, except = [] }) => {
		const rest = except.reduce(
			(text, { pattern: right }) =>
				text.replaceAll(new RegExp(right, `${right.flags}g`), ""),
			line,
		);
		return pattern.test(rest);
	}).map(({ pattern, say }) => `${pattern.exec(line)?.[0]} -> ${say}`);

test("old vocabulary and idioms are gone", () => {
	const found = handwritten.flatMap((path) =>
		linesOf(path).flatMap((line, index) =>
			findings(line).map(
				(finding) => `${path}:${index + 1}: ${finding}: ${line.trim()}`,
			),
		),
	);
	expect(found.join("\n")).toBe("");
});

test.each([
	["The job begins anew.", 1],
	["A frame that is none.", 1],
	["if there is none", 0],
	["if error is None:", 0],
	["retried for ever and mended by nobody", 3],
])("the rules find what they forbid: %s", (line, count) => {
	expect(findings(line)).toHaveLength(count);
});
