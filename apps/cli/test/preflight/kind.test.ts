/** When the ports of a cluster are its own. */
import { expect, test } from "vitest";
import { holdsPorts } from "../../src/preflight/kind.ts";

test.each([
	["running", true],
	// `up` was interrupted while Docker started the node.
	["created", true],
	["exited", false],
	["", false],
])("a node that is %j", (status, expected) => {
	expect(holdsPorts(status)).toBe(expected);
});
