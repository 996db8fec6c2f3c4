import { chmodSync, mkdirSync, symlinkSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { plan } from "../../src/images/build.ts";
import type { ImageDefinition } from "../../src/images/catalogue.ts";
import { contentTag, contextFiles, setTag } from "../../src/images/content.ts";
import { tempFolder } from "../support/temp.ts";

const IMAGE: ImageDefinition = {
	name: "x",
	title: "X",
	dockerfile: "x.Dockerfile",
};

const folder = tempFolder();
let clones = 0;

/** A small clone. */
function clone(files: Record<string, string> = {}) {
	const root = join(folder, String(clones++));
	const all: Record<string, string> = {
		".dockerignore": "*\n!src\n**/test\n",
		"docker/x.Dockerfile": "ARG FOLDER=src\nCOPY $FOLDER /\n",
		"src/a.ts": "a",
		"src/deep/b.ts": "b",
		"src/test/c.ts": "c",
		"other/d.ts": "d",
		...files,
	};
	for (const [path, text] of Object.entries(all)) {
		mkdirSync(dirname(join(root, path)), { recursive: true });
		writeFileSync(join(root, path), text);
	}
	return root;
}
const tagOf = (root: string, args: Record<string, string> = {}) =>
	contentTag(root, IMAGE, args);
const standard = () => tagOf(clone());

test("a tag is dev- and 12 hex digits, the same in every clone with the same files", () => {
	expect(standard()).toMatch(/^dev-[0-9a-f]{12}$/);
	expect(standard()).toBe(standard());
});

test.each<[string, Record<string, string>]>([
	["a source", { "src/a.ts": "A" }],
	["a new file", { "src/e.ts": "" }],
	["the Dockerfile", { "docker/x.Dockerfile": "COPY src /\n" }],
])("%s is part of the content", (_, files) => {
	expect(tagOf(clone(files))).not.toBe(standard());
});

test("so are a program's mode, a link's target, and a build argument", () => {
	const root = clone();
	const before = tagOf(root);
	chmodSync(join(root, "src/a.ts"), 0o755);
	const program = tagOf(root);
	expect(program).not.toBe(before);
	symlinkSync("a.ts", join(root, "src/link"));
	expect(tagOf(root)).not.toBe(program);
	expect(tagOf(root, { NODE_IMAGE: "node:x" })).not.toBe(tagOf(root));
});

test.each<[string, Record<string, string>]>([
	["what .dockerignore leaves out", { "src/test/c.ts": "C" }],
	["what no COPY line takes", { "other/d.ts": "D", "README.md": "" }],
])("%s is not", (_, files) => {
	expect(tagOf(clone(files))).toBe(standard());
});

test("labels are not: a commit makes no new image", () => {
	expect(tagOf(clone(), { REVISION: "abc", VERSION: "1" })).toBe(standard());
});

test("a COPY line without files is an error that names it", () => {
	expect(() => contextFiles(clone(), ["src/absent"])).toThrow("src/absent");
	expect(() => contextFiles(clone(), ["other"])).toThrow("other");
});

test("patterns and single files are found", () => {
	expect(contextFiles(clone(), ["src/*.ts", "src/deep/b.ts"])).toEqual([
		"src/a.ts",
		"src/deep/b.ts",
	]);
});

test("the set's tag does not depend on the order", () => {
	expect(setTag(["b", "a"])).toBe(setTag(["a", "b"]));
	expect(setTag(["b", "a"])).not.toBe(setTag(["b"]));
});

test("the images of this clone: a name each, by content, or as asked", () => {
	const refs = plan({}).map((image) => image.ref);
	expect(refs).toHaveLength(5);
	expect(new Set(refs).size).toBe(5);
	for (const ref of refs)
		expect(ref).toMatch(/^fireworks\/[a-z]+:dev-[0-9a-f]{12}$/);
	const [asked] = plan({
		names: ["cli"],
		tag: "1.2.3",
		registry: "ghcr.io/a/",
	});
	expect(asked?.ref).toBe("ghcr.io/a/fireworks/cli:1.2.3");
	expect(() => plan({ names: ["nobody"] })).toThrow("There is no image nobody");
});

test("empty build arguments leave the Dockerfile's defaults, and the name as it was", () => {
	const empty = { NODE_IMAGE: "", NPM_REGISTRY: "" };
	expect(plan({ args: empty })).toEqual(plan({}));
	expect(plan({ args: { NODE_IMAGE: "mirror/node:24" } })[0]?.tag).not.toBe(
		plan({})[0]?.tag,
	);
});

test("the whole context is what .dockerignore lets through", () => {
	expect(contextFiles(clone(), ["."])).toEqual(["src/a.ts", "src/deep/b.ts"]);
});
