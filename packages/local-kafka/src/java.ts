/** Which Java to run the broker with: JAVA_HOME's, then the first of PATH. */
import { execFile } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { delimiter, join } from "node:path";
import { LocalKafkaError } from "./errors.ts";

/** Kafka 4 needs it. */
export const JAVA_VERSION_MIN = 17;
const VERSION_TIMEOUT_MS = 20_000;
const HOW_TO_INSTALL =
	"Install one, e.g. `apt install openjdk-17-jre-headless` (Debian, Ubuntu), `dnf install java-21-openjdk-headless` (Fedora), `brew install openjdk` (macOS), and put it first in PATH or set JAVA_HOME.";

export interface Java {
	path: string;
	/** As it says itself: 17.0.15 */
	version: string;
	major: number;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The version in what `java -version` prints; undefined where there is none. 1.8.0_402 is major 8. */
export function parseJavaVersion(
	printed: string,
): { version: string; major: number } | undefined {
	const version = /version "([^"]+)"/.exec(printed)?.[1];
	if (version === undefined) return undefined;
	const [first = "", second = ""] = version.split(/[._+-]/);
	return { version, major: Number(first === "1" ? second : first) };
}

/** The `java` files worth asking, in order. */
export function javaCandidates(env: Environment): string[] {
	const file = process.platform === "win32" ? "java.exe" : "java";
	const homes = env.JAVA_HOME ? [join(env.JAVA_HOME, "bin")] : [];
	const paths = (env.PATH ?? "").split(delimiter).filter((dir) => dir !== "");
	return [...new Set([...homes, ...paths].map((dir) => join(dir, file)))];
}

/** The first Java that is new enough. Throws LocalKafkaError `java-missing` or `java-too-old`. */
export async function findJava(env: Environment = process.env): Promise<Java> {
	const tooOld: string[] = [];
	for (const path of javaCandidates(env).filter(executable)) {
		const found = parseJavaVersion(await versionOf(path));
		if (found === undefined) continue;
		if (found.major >= JAVA_VERSION_MIN) return { path, ...found };
		tooOld.push(`${path} is ${found.version}`);
	}
	if (tooOld.length > 0)
		throw new LocalKafkaError(
			"java-too-old",
			`Kafka needs Java ${JAVA_VERSION_MIN} or later, and ${tooOld.join(", ")}. ${HOW_TO_INSTALL}`,
		);
	throw new LocalKafkaError(
		"java-missing",
		`Kafka needs Java ${JAVA_VERSION_MIN} or later, and there is none in JAVA_HOME or PATH. ${HOW_TO_INSTALL}`,
	);
}

function executable(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}

/** What it prints; empty where it fails, as macOS's /usr/bin/java does without a Java. */
const versionOf = (path: string): Promise<string> =>
	new Promise((resolve) => {
		execFile(
			path,
			["-version"],
			{ timeout: VERSION_TIMEOUT_MS },
			(error, stdout, stderr) => resolve(error ? "" : stdout + stderr),
		);
	});
