/** The rules by themselves; tests/cluster/images.test.ts holds them against Docker's own reading of the same file. */
import { expect, test } from "vitest";
import { dockerIgnore } from "../../src/images/docker-ignore.ts";

test.each<[pattern: string, path: string, ignored: boolean]>([
	["a", "a", true],
	["a", "a/b/c", true],
	["a", "b/a", false],
	["/a/", "a", true],
	["**/a", "a", true],
	["**/a", "x/y/a/b", true],
	["**/a", "x/ya", false],
	["*", "a/b", true],
	["*.md", "a.md", true],
	["*.md", "a/b.md", false],
	["**/*.md", "a/b.md", true],
	["a/**/z", "a/z", true],
	["a/**/z", "a/b/c/z", true],
	["**/.env*", "x/.env.local", true],
	["a?c", "abc", true],
	["a?c", "a/c", false],
	["a[0-9]", "a7", true],
	["a.b", "axb", false],
	["# a", "# a", false],
])("%s on %s: %s", (pattern, path, ignored) => {
	expect(dockerIgnore(pattern)(path)).toBe(ignored);
});

test("the last pattern that matches decides", () => {
	const ignored = dockerIgnore("*\n!apps\n**/test\n\n!apps/test/kept\n");
	expect(ignored("README.md")).toBe(true);
	expect(ignored("apps/cli/src/main.ts")).toBe(false);
	expect(ignored("apps/cli/test/a.ts")).toBe(true);
	expect(ignored("apps/test/other")).toBe(true);
	expect(ignored("apps/test/kept")).toBe(false);
});
