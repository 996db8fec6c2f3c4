/** Every example of docs/build/streams runs. An example checks itself with node:assert. */
import { mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";

const DOCS = join(import.meta.dirname, "../../../../docs/build/streams");
const LINES_MAX = 60;

const examples: [name: string, code: string][] = [];
for (const page of (await readdir(DOCS)).sort()) {
	const text = await readFile(join(DOCS, page), "utf8");
	for (const [, code = ""] of text.matchAll(/```ts\n(.*?)```/gs))
		examples.push([`${page} ${examples.length}`, code]);
}

test("the pages have examples", () => {
	expect(examples.length).toBeGreaterThanOrEqual(6);
});

test.each(examples)("%s", async (_name, code) => {
	expect(code.split("\n").length).toBeLessThanOrEqual(LINES_MAX);
	// In this folder, so that its imports are resolved as those of the tests are.
	const folder = await mkdtemp(join(import.meta.dirname, ".example-"));
	try {
		const file = join(folder, "example.ts");
		await writeFile(file, code);
		await import(pathToFileURL(file).href);
	} finally {
		await rm(folder, { recursive: true });
	}
});
