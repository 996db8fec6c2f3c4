import { expect, test } from "vitest";
import { checkChoice } from "../../src/commands/choice.ts";

test.each(["local", "kind", "cluster"])("%s is accepted", (target) => {
	expect(() => checkChoice(target, "typescript")).not.toThrow();
});

test.each([
	["moon", "typescript", /local, kind, cluster/],
	["local", "cobol", /typescript, python, spark/],
	["local", "typescript", /typescript, python, spark/, "cobol"],
	["local", "python", /the engine itself: python/, "python"],
	["kind", "typescript", /--target local/, "python"],
])(
	"%s with %s is a usage error: %s %s",
	(target, engine, message, compare?: string) => {
		expect(() => checkChoice(target, engine, compare)).toThrow(
			expect.objectContaining({
				exitCode: 64,
				message: expect.stringMatching(message),
			}),
		);
	},
);
