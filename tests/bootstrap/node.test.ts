/** Node and pnpm as they exist on a user's machine. */
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { useFakeClone } from "./harness/use-clone.ts";

const { tools, clone } = useFakeClone();

test("a version manager's shim without a version: its own words, and what to do", async () => {
	const shim = tools().program(
		"node",
		`echo "No version is set for command node" >&2; exit 126`,
	);
	const { code, stderr } = await tools().run(clone(), ["verify-stream"]);
	expect(code).toBe(1);
	expect(stderr).toContain(
		`The Node of PATH (${shim}) does not run: No version is set for command node`,
	);
	expect(stderr).toContain("choose a version");
	expect(stderr).not.toContain("too old");
});

test("an old Node: its version", async () => {
	const { code, stderr } = await tools().run(clone(), ["verify-stream"], {
		env: { FAKE_NODE_VERSION: "16.20.0" },
	});
	expect(code).toBe(1);
	expect(stderr).toContain("This Node is v16.20.0: too old");
});

test.each([
	["--require=/gone/agent.js", "Cannot find module '/gone/agent.js'"],
	["--import=/gone/agent.mjs", "/gone/agent.mjs"],
])("NODE_OPTIONS=%s: one line, with the real Node", async (options, says) => {
	rmSync(join(tools().folder, "bin/node"));
	const { code, stderr } = await tools().run(clone(), ["verify-stream"], {
		env: {
			PATH: `${join(process.execPath, "..")}:${tools().folder}/bin:/usr/bin:/bin`,
			NODE_OPTIONS: options,
		},
	});
	expect(code).toBe(1);
	expect(stderr.trim().split("\n")).toHaveLength(1);
	expect(stderr).toContain("NODE_OPTIONS keeps Node from starting");
	expect(stderr).toContain(says);
	expect(stderr).toContain("unset NODE_OPTIONS");
});

test("corepack's pnpm is asked without a terminal and without the network, and never waited for", async () => {
	const asked = join(tools().folder, "asked");
	tools().program(
		"pnpm",
		`{ echo "network=$COREPACK_ENABLE_NETWORK prompt=$COREPACK_ENABLE_DOWNLOAD_PROMPT"; readlink /proc/$$/fd/0; } >'${asked}'; exit 1`,
	);
	// The downloaded one works.
	writeFileSync(
		join(tools().folder, "pnpm"),
		`#!/bin/sh\nmkdir -p node_modules && echo whole >node_modules/packages\n`,
	);
	const { code, stderr } = await tools().run(clone(), ["verify-stream"]);
	expect(code, stderr).toBe(0);
	expect(readFileSync(asked, "utf8")).toBe("network=0 prompt=0\n/dev/null\n");
	expect(tools().takeSteps()).toContain("fetch-pnpm");
});
