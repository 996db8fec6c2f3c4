import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { brokerLayout } from "../src/broker-layout.ts";
import { inspectStorage, newClusterId, newer } from "../src/storage.ts";

let dir: string;
beforeEach(() => {
	dir = mkdtempSync(join(tmpdir(), "storage-"));
});
afterEach(() => rmSync(dir, { recursive: true }));

const META = "#\n#Sun Nov 22\nnode.id=1\nversion=1\ncluster.id=AbC\n";
function layoutWith(meta: string | undefined, version?: string) {
	const layout = brokerLayout(dir);
	mkdirSync(join(layout.logDir, "wiener-0"), { recursive: true });
	if (meta !== undefined)
		writeFileSync(join(layout.logDir, "meta.properties"), meta);
	if (version !== undefined) writeFileSync(layout.versionFile, `${version}\n`);
	return layout;
}

test("an absent or empty folder is to be formatted", () => {
	const layout = brokerLayout(dir);
	expect(inspectStorage(layout)).toBeUndefined();
	mkdirSync(layout.logDir);
	expect(inspectStorage(layout)).toBeUndefined();
});

test("a formatted folder keeps its cluster id", () => {
	expect(inspectStorage(layoutWith(META, "4.3.0"))).toEqual({
		clusterId: "AbC",
	});
});

test.each([
	["without meta.properties", undefined],
	["with an empty one", ""],
	["of another node", META.replace("node.id=1", "node.id=2")],
])("a folder with data and %s is broken", (_, meta) => {
	expect(() => inspectStorage(layoutWith(meta))).toThrow(
		expect.objectContaining({
			code: "storage-broken",
			message: expect.stringContaining("fireworks down --purge"),
		}),
	);
});

test("the data of a newer Kafka is refused", () => {
	expect(() => inspectStorage(layoutWith(META, "99.0.0"))).toThrow(
		expect.objectContaining({ code: "storage-newer" }),
	);
});

test("newer looks at major and minor", () => {
	expect(newer("4.4.0", "4.3.9")).toBe(true);
	expect(newer("5.0.0", "4.9.0")).toBe(true);
	expect(newer("4.3.2", "4.3.1")).toBe(false);
	expect(newer("3.9.0", "4.3.1")).toBe(false);
});

test("a cluster id is 22 letters and no option", () => {
	for (let i = 0; i < 200; i += 1)
		expect(newClusterId()).toMatch(/^[A-Za-z0-9_][A-Za-z0-9_-]{21}$/);
});
