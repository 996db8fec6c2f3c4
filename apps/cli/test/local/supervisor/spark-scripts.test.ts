/**
 * Runs engines/spark/run.sh and build.sh with fakes of Java, Maven and Spark, to see which Java
 * they use, and in which locale.
 */
import { execFile } from "node:child_process";
import { copyFileSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { promisify } from "node:util";
import { beforeAll, expect, test } from "vitest";
import { ROOT } from "../../../src/project.ts";
import { tempFolder } from "../../support/temp.ts";

const dir = tempFolder();
const engine = () => join(dir, "a b,#%é/engines/spark");
const cache = () => join(dir, "a b,#%é/cache");

/** Prints its name, its arguments, and its environment variables of interest. */
const TELLS = `#!/bin/sh
printf '%s\\n' "$0" "$@" "LC_ALL=$LC_ALL" "JAVA_HOME=$JAVA_HOME" "_JAVA_OPTIONS=$_JAVA_OPTIONS" "MAVEN_OPTS=$MAVEN_OPTS"
`;

const program = (path: string, text = TELLS) => {
	mkdirSync(join(path, ".."), { recursive: true });
	writeFileSync(path, text, { mode: 0o755 });
};

beforeAll(() => {
	mkdirSync(join(engine(), "target/lib"), { recursive: true });
	for (const name of ["run.sh", "build.sh", "java.sh", "java-options"])
		copyFileSync(join(ROOT, "engines/spark", name), join(engine(), name));
	for (const name of ["requirements.txt", "pom.xml"])
		copyFileSync(join(ROOT, "engines/spark", name), join(engine(), name));
	mkdirSync(join(engine(), "src"));
	const settings = join(engine(), "../python/src/fireworks_engine");
	mkdirSync(settings, { recursive: true });
	writeFileSync(join(settings, "settings.json"), "{}");
	writeFileSync(join(engine(), "target/fireworks-spark.jar"), "");
	const spark = join(cache(), "pyspark-4.0.0");
	mkdirSync(join(spark, "lib/python3.11/site-packages/pyspark/jars"), {
		recursive: true,
	});
	copyFileSync(
		join(ROOT, "engines/spark/requirements.txt"),
		join(spark, "requirements.txt"),
	);
	program(join(spark, "bin/python"));
	program(join(dir, "good/bin/java"));
	program(join(dir, "path/java"));
	program(join(dir, "path/mvn"));
	program(join(dir, "path/python3"));
});

async function script(
	name: string,
	args: readonly string[],
	env: Record<string, string> = {},
): Promise<string[]> {
	const { stdout } = await promisify(execFile)(
		"sh",
		[join(engine(), name), ...args],
		{
			env: {
				PATH: `${join(dir, "path")}:${process.env.PATH}`,
				FIREWORKS_CACHE_DIR: cache(),
				...env,
			},
		},
	);
	return stdout.trimEnd().split("\n");
}

const home = () => join(dir, "good");

test("the processor runs on the Java of JAVA_HOME, whatever PATH has; without it on that of PATH", async () => {
	const said = await script("run.sh", ["processor"], { JAVA_HOME: home() });
	expect(said[0]).toBe(join(home(), "bin/java"));
	expect(said).toContain("fireworks.processor.Main");
	expect(said).toContain(`@${join(engine(), "java-options")}`);
	const [other] = await script("run.sh", ["processor"]);
	expect(other).toBe(join(dir, "path/java"));
	// A JAVA_HOME that does not exist is ignored.
	const [gone] = await script("run.sh", ["processor"], { JAVA_HOME: "/gone" });
	expect(gone).toBe(join(dir, "path/java"));
});

test("the clock's Python hands the same JAVA_HOME to Spark", async () => {
	const said = await script("run.sh", ["metronome"], { JAVA_HOME: home() });
	expect(said).toContain("fireworks_metronome");
	expect(said).toContain(`JAVA_HOME=${home()}`);
});

test.each(["tr_TR.UTF-8", "C", ""])(
	"the locale %j is replaced by one with UTF-8 and English",
	async (LC_ALL) => {
		for (const part of ["processor", "metronome"]) {
			const said = await script("run.sh", [part], { LC_ALL });
			expect(said.find((line) => line.startsWith("LC_ALL="))).toMatch(
				/^LC_ALL=(C|en_US)\.UTF-8$/,
			);
		}
		const options = readFileSync(join(engine(), "java-options"), "utf8");
		expect(options).toContain("-Duser.language=en\n");
	},
);

test("what _JAVA_OPTIONS would override is said at its end again; nothing is set where it is not", async () => {
	const given = { _JAVA_OPTIONS: "-Xmx64m -Duser.language=tr" };
	const said = await script("run.sh", ["processor"], given);
	expect(said.find((line) => line.startsWith("_JAVA_OPTIONS="))).toMatch(
		/-Xmx64m -Duser\.language=tr -Duser\.language=en .*-Xms512m -Xmx1024m$/,
	);
	const [none] = (await script("run.sh", ["processor"])).filter((line) =>
		line.startsWith("_JAVA_OPTIONS="),
	);
	expect(none).toBe("_JAVA_OPTIONS=");
});

test("Maven runs on the same Java, in English, and through the environment's proxy without its password", async () => {
	const build = async (env: Record<string, string>) => {
		const said = await script("build.sh", ["test"], {
			JAVA_HOME: home(),
			...env,
		});
		expect(said[0]).toBe(join(dir, "path/mvn"));
		expect(said).toContain(`JAVA_HOME=${home()}`);
		return said.find((line) => line.startsWith("MAVEN_OPTS=")) ?? "";
	};
	expect(await build({ https_proxy: "http://proxy.test:3128/" })).toMatch(
		/-Duser\.language=en .*-Dhttps\.proxyHost=proxy\.test -Dhttps\.proxyPort=3128/,
	);
	expect(await build({})).not.toContain("proxy");
	expect(
		await build({ https_proxy: "http://me:hunter2@proxy.test:3128" }),
	).not.toContain("hunter2");
});
