import {
	chmodSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	rmSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { findJava, javaCandidates } from "../src/java.ts";
import { parseJavaVersion, utf8Locales } from "../src/java-version.ts";

test.each([
	['openjdk version "17.0.15" 2025-04-15', "17.0.15", 17],
	['openjdk version "21" 2023-09-19', "21", 21],
	['java version "1.8.0_402"', "1.8.0_402", 8],
	['openjdk version "25-ea" 2025-09-16', "25-ea", 25],
])("the version in %s", (printed, version, major) => {
	expect(parseJavaVersion(printed)).toEqual({ version, major });
});

test("the output of macOS's stub contains no version", () => {
	expect(parseJavaVersion("Unable to locate a Java Runtime.")).toBeUndefined();
});

test("macOS has no C.UTF-8; the person's own UTF-8 locale is tried last", () => {
	expect(utf8Locales({}, "darwin")[0]).toBe("en_US.UTF-8");
	expect(utf8Locales({ LANG: "de_DE.utf8" }, "linux")).toEqual([
		"C.UTF-8",
		"en_US.UTF-8",
		"de_DE.utf8",
	]);
	expect(utf8Locales({ LC_ALL: "C" }, "linux")).toHaveLength(2);
});

test("JAVA_HOME goes first, each place once", () => {
	expect(javaCandidates({ JAVA_HOME: "/j", PATH: "/a:/j/bin::/a" })).toEqual([
		"/j/bin/java",
		"/a/java",
	]);
});

/** A folder of installed Javas, like /usr/lib/jvm: fake programs that only print their version. */
class Installed {
	readonly folder = mkdtempSync(join(tmpdir(), "jvm-"));

	constructor() {
		onTestFinished(() => rmSync(this.folder, { recursive: true }));
	}

	/** Returns its `bin`. script: what it does instead of printing its version. */
	add(version: string, script?: string): string {
		const bin = join(this.folder, `jdk-${version}`, "bin");
		mkdirSync(bin, { recursive: true });
		const tells = `echo 'openjdk version "${version}"' >&2`;
		writeFileSync(join(bin, "java"), `#!/bin/sh\n${script ?? tells}\n`);
		chmodSync(join(bin, "java"), 0o755);
		return bin;
	}
}

const KAFKA = { what: "Kafka", min: 17 };
const SPARK = { what: "The Spark engine", min: 17, max: 21 };

test("the first Java that is new enough is taken", async () => {
	const jvm = new Installed();
	const [old, good] = [jvm.add("11.0.2"), jvm.add("21.0.1")];
	expect(await findJava({ PATH: `${old}:${good}` })).toMatchObject({
		path: join(good, "java"),
		home: dirname(good),
		version: "21.0.1",
		major: 21,
	});
});

test("an old JAVA_HOME does not hide a good Java in PATH", async () => {
	const [old, good] = [new Installed(), new Installed()];
	const env = {
		JAVA_HOME: dirname(old.add("11.0.2")),
		PATH: good.add("17.0.1"),
	};
	expect((await findJava(env)).major).toBe(17);
});

test("a Java next to one in PATH is not run where every user can write to their folder", async () => {
	const installed = new Installed();
	const bin = installed.add("11.0.2");
	installed.add("17.0.1");
	expect((await findJava({ PATH: bin }, [KAFKA])).version).toBe("17.0.1");
	chmodSync(installed.folder, 0o777);
	await expect(findJava({ PATH: bin }, [KAFKA])).rejects.toThrow("11.0.2");
});

test("all programs are asked: a Java for Kafka and Spark is taken from PATH, or from next to the one in PATH", async () => {
	const jvm = new Installed();
	const [newest, good] = [jvm.add("25.0.1"), jvm.add("21.0.1")];
	for (const PATH of [`${newest}:${good}`, newest])
		expect((await findJava({ PATH }, [KAFKA, SPARK])).major).toBe(21);
	expect((await findJava({ PATH: newest }, [KAFKA])).major).toBe(25);
});

test("too new for one of the programs says which, and what is there", async () => {
	const newest = new Installed().add("25.0.1");
	await expect(
		findJava({ PATH: newest }, [KAFKA, SPARK]),
	).rejects.toMatchObject({
		code: "java-unsuitable",
		message: expect.stringMatching(
			/The Spark engine needs Java 17 to 21, but \S+ is 25\.0\.1\. Install/,
		),
	});
});

test("too old and missing say what is there and what to do", async () => {
	const old = new Installed().add("11.0.2");
	await expect(findJava({ PATH: old })).rejects.toMatchObject({
		code: "java-unsuitable",
		message: expect.stringMatching(/11\.0\.2.*Install/s),
	});
	await expect(findJava({ PATH: "/nowhere" })).rejects.toMatchObject({
		code: "java-missing",
		message: expect.stringContaining("JAVA_HOME"),
	});
});

test("a Java that fails is not called missing: its own words, the variable's name, never its value", async () => {
	const broken = new Installed().add(
		"17.0.1",
		`echo "Picked up JAVA_TOOL_OPTIONS: $JAVA_TOOL_OPTIONS" >&2
echo "Error opening zip file or JAR manifest missing : /gone.jar" >&2; exit 1`,
	);
	const env = {
		PATH: broken,
		JAVA_TOOL_OPTIONS: "-javaagent:/gone.jar -Dpassword=hunter2",
	};
	const failure = await findJava(env).catch((error: Error) => error);
	expect(failure).toMatchObject({ code: "java-broken" });
	const { message } = failure as Error;
	expect(message).toContain("Error opening zip file");
	expect(message).toContain("JAVA_TOOL_OPTIONS");
	expect(message).not.toContain("hunter2");
});

test("the real Java of this machine fails with a wrong JAVA_TOOL_OPTIONS, and the message says so", async () => {
	const env = { ...process.env, JAVA_TOOL_OPTIONS: "-javaagent:/gone.jar" };
	await expect(findJava(env)).rejects.toMatchObject({
		code: "java-broken",
		message: expect.stringMatching(
			/gone\.jar.*Correct or unset JAVA_TOOL_OPTIONS/s,
		),
	});
});

test("the real Java of this machine tells its home and can open files with any name, whatever the locale", async () => {
	const java = await findJava({ ...process.env, LC_ALL: "C" });
	expect(existsSync(join(java.home, "bin", "java"))).toBe(true);
	expect(java.locale).toMatch(/utf-?8/i);
});
