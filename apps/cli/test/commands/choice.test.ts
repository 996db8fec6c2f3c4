import { expect, test } from "vitest";
import { checkChoice } from "../../src/commands/choice.ts";

test("what this version has is accepted", () => {
	expect(() => checkChoice("local", "typescript")).not.toThrow();
});

test.each([
	["kind", "typescript", /not yet in this version/],
	["cluster", "typescript", /not yet in this version/],
	["local", "spark", /not yet in this version/],
	["moon", "typescript", /local, kind, cluster/],
	["local", "cobol", /typescript, python, spark/],
])("%s with %s is a usage error", (target, engine, message) => {
	expect(() => checkChoice(target, engine)).toThrow(
		expect.objectContaining({
			exitCode: 64,
			message: expect.stringMatching(message),
		}),
	);
});
