/** Messages about Java, before anything is downloaded or built. */
import {
	chmodSync,
	existsSync,
	mkdirSync,
	mkdtempSync,
	rmSync,
	symlinkSync,
	writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
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
let elsewhere: string;
beforeAll(() => {
	clone = new Clone();
});
afterAll(() => clone.remove());
beforeEach(() => {
	tools = new FakeTools();
	elsewhere = mkdtempSync(join(tmpdir(), "fireworks-javas-"));
});
afterEach(() => {
	tools.remove();
	rmSync(elsewhere, { recursive: true });
});

/** A Java in its own folder, as in /usr/lib/jvm. Returns its home. */
function java(name: string, body: string): string {
	const home = join(elsewhere, "jvm", name);
	mkdirSync(join(home, "bin"), { recursive: true });
	writeFileSync(join(home, "bin/java"), `#!/bin/sh\n${body}\n`);
	chmodSync(join(home, "bin/java"), 0o755);
	return home;
}
const version = (text: string) => `echo 'openjdk version "${text}"' >&2`;
/** A PATH with only these programs, without the machine's own Java. */
const up = (env: Record<string, string>) =>
	tools.run(clone, ["--local"], {
		env: { ...env, PATH: `${tools.folder}/bin:${usual}` },
	});

let usual: string;
beforeEach(() => {
	rmSync(join(tools.folder, "bin/java"));
	usual = join(elsewhere, "usual");
	mkdirSync(usual);
	for (const name of PROGRAMS) {
		const file = ["/usr/bin", "/bin"]
			.map((bin) => join(bin, name))
			.find(existsSync);
		if (file !== undefined) symlinkSync(file, join(usual, name));
	}
});
const PROGRAMS =
	"sh env id ls awk sed grep tr cut head tail cat mkdir rm mv cp chmod chown date dirname readlink uname find sort cksum timeout sleep touch df du getent ldd git".split(
		" ",
	);

test.each([
	["11.0.2", "11.0.2"],
	["1.8.0_402", "1.8.0_402"],
])("only Java %s: reported before anything is fetched", async (printed) => {
	const home = java("old", version(printed));
	const { code, stderr } = await up({ JAVA_HOME: home });
	expect(code).toBe(1);
	expect(stderr).toContain(
		`Kafka needs Java 17 or later, and ${home}/bin/java is ${printed}.`,
	);
	expect(tools.takeSteps()).toEqual([]);
});

test("no Java at all", async () => {
	const { code, stderr } = await up({});
	expect(code).toBe(1);
	expect(stderr).toContain(
		"There is no Java, and Kafka needs one (17 or later).",
	);
	expect(tools.takeSteps()).toEqual([]);
});

test("an old JAVA_HOME, and a good Java in PATH: goes on", async () => {
	tools.program("java", version("21.0.4"));
	const { code, stderr } = await up({
		JAVA_HOME: java("old", version("11.0.2")),
	});
	expect(code, stderr).toBe(0);
});

test("an old one, and a good one installed next to it: goes on", async () => {
	const home = java("old", version("11.0.2"));
	java("java-21", version("21.0.4"));
	const { code, stderr } = await up({ JAVA_HOME: home });
	expect(code, stderr).toBe(0);
});

test.each([
	[
		"JAVA_TOOL_OPTIONS",
		"-javaagent:/gone.jar",
		"Error opening zip file or JAR manifest missing : /gone.jar",
	],
	[
		"_JAVA_OPTIONS",
		"-Xmx1m",
		"Error: Initial heap size set to a larger value than the maximum heap size",
	],
])(
	"%s that keeps Java from starting: the file, its words and the variable",
	async (name, value, says) => {
		const home = java(
			"broken",
			`echo "Picked up ${name}: ${value}" >&2; echo "${says}" >&2; exit 1`,
		);
		const { code, stderr } = await up({ JAVA_HOME: home, [name]: value });
		expect(code).toBe(1);
		expect(stderr).toContain(`${home}/bin/java does not run: ${says}`);
		expect(stderr).toContain(`gets ${name}=${value}: unset or repair`);
		expect(stderr).not.toContain("There is no Java");
	},
);

test("the variables of a JVM, with the Java of this machine", async () => {
	const { code, stderr } = await tools.run(clone, ["--local"], {
		env: { JAVA_TOOL_OPTIONS: "-javaagent:/gone.jar" },
	});
	expect(code).toBe(1);
	expect(stderr).toMatch(/java does not run: .*\/gone\.jar/);
	expect(stderr).toContain("gets JAVA_TOOL_OPTIONS=-javaagent:/gone.jar");
});

test("a word that needs no Java does not ask for one", async () => {
	const { code, stderr } = await tools.run(clone, ["verify-stream"], {
		env: { PATH: `${tools.folder}/bin:${usual}` },
	});
	expect(code, stderr).toBe(0);
});
