/** A failed step shows the end of its log. Its last line says what is wrong and what to do. */
import {
	afterAll,
	afterEach,
	beforeAll,
	beforeEach,
	expect,
	test,
} from "vitest";
import { Clone } from "./harness/clone.ts";
import { FakeTools } from "./harness/fake-tools.ts";

let tools: FakeTools;
let clone: Clone;
beforeAll(() => {
	clone = new Clone();
});
afterAll(() => clone.remove());
beforeEach(() => {
	tools = new FakeTools();
});
afterEach(() => tools.remove());

test.each([
	[
		"ENOSPC: no space left on device, write",
		"the disk is full",
		"free some space",
	],
	[
		"EROFS: read-only file system, mkdir '/x'",
		"a file system is read-only",
		"clone to",
	],
	[
		"getaddrinfo EAI_AGAIN registry.npmjs.org",
		"cannot be reached",
		"https_proxy",
	],
	[
		"connect ECONNREFUSED 127.0.0.1:9",
		"cannot be reached",
		"npm config set registry",
	],
	["UNABLE_TO_VERIFY_LEAF_SIGNATURE", "is not trusted", "NODE_EXTRA_CA_CERTS"],
	[
		"EACCES: permission denied, open '/clone/x'",
		"no permission for /clone/x",
		"chown -R",
	],
])("pnpm says %s", async (said, reason, remedy) => {
	tools.program(
		"pnpm",
		`[ "$1" = --version ] && echo 10.34.9 && exit; echo "${said}"; exit 1`,
	);
	const { code, stderr } = await tools.run(clone, ["verify-stream"]);
	expect(code).toBe(1);
	const lines = stderr.trim().split("\n");
	expect(lines).toHaveLength(2);
	expect(lines[0]).toBe(said);
	expect(lines[1]).toContain(`Installing packages failed: `);
	expect(lines[1]).toContain(reason);
	expect(lines[1]).toContain(remedy);
});

test("the real npm without a registry that answers", async () => {
	tools.program(
		"npm",
		`exec '${process.execPath}' "$(readlink -f /usr/bin/npm)" "$@"`,
	);
	const { code, stderr } = await tools.run(clone, ["verify-stream"], {
		env: {
			FAKE_PNPM_VERSION: "9.0.0",
			npm_config_registry: "http://127.0.0.1:9/",
			npm_config_fetch_retries: "0",
		},
	});
	expect(code).toBe(1);
	expect(stderr.trim().split("\n").at(-1)).toContain(
		"Fetching pnpm 10.34.9 failed: the package registry (http://127.0.0.1:9/) cannot be reached",
	);
});
