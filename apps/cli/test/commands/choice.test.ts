import { expect, test } from "vitest";
import { checkChoice } from "../../src/commands/choice.ts";

test.each(["local", "kind", "cluster"])("%s is accepted", (target) => {
	expect(() => checkChoice(target, "typescript")).not.toThrow();
});

test.each([
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
