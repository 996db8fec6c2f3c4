import { chmodSync, mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { findJava, javaCandidates, parseJavaVersion } from "../src/java.ts";

test.each([
	['openjdk version "17.0.15" 2025-04-15', "17.0.15", 17],
	['openjdk version "21" 2023-09-19', "21", 21],
	['java version "1.8.0_402"', "1.8.0_402", 8],
	['openjdk version "25-ea" 2025-09-16', "25-ea", 25],
])("the version in %s", (printed, version, major) => {
	expect(parseJavaVersion(printed)).toEqual({ version, major });
});

test("no version in what macOS's stub says", () => {
	expect(parseJavaVersion("Unable to locate a Java Runtime.")).toBeUndefined();
});

test("JAVA_HOME goes first, each place once", () => {
	expect(javaCandidates({ JAVA_HOME: "/j", PATH: "/a:/j/bin::/a" })).toEqual([
		"/j/bin/java",
		"/a/java",
	]);
});

function fakeJava(version: string): string {
	const bin = join(mkdtempSync(join(tmpdir(), "java-")), "bin");
	mkdirSync(bin);
	const path = join(bin, "java");
	writeFileSync(path, `#!/bin/sh\necho 'openjdk version "${version}"' >&2\n`);
	chmodSync(path, 0o755);
	return bin;
}

test("the first Java that is new enough is taken", async () => {
	const [old, good] = [fakeJava("11.0.2"), fakeJava("21.0.1")];
	expect(await findJava({ PATH: `${old}:${good}` })).toEqual({
		path: join(good, "java"),
		version: "21.0.1",
		major: 21,
	});
});

test("too old and missing say what is there and what to do", async () => {
	const old = fakeJava("11.0.2");
	await expect(findJava({ PATH: old })).rejects.toMatchObject({
		code: "java-too-old",
		message: expect.stringMatching(/11\.0\.2.*Install/s),
	});
	await expect(findJava({ PATH: "/nowhere" })).rejects.toMatchObject({
		code: "java-missing",
		message: expect.stringContaining("JAVA_HOME"),
	});
});
