/**
 * Chooses the Java to use: one for all parts that run on Java, found in JAVA_HOME, in PATH, or next
 * to a Java found there.
 */
import {
	accessSync,
	constants,
	readdirSync,
	realpathSync,
	statSync,
} from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { LocalKafkaError } from "./errors.ts";
import { type AskedJava, askJava } from "./java-version.ts";

/** The Java versions that a program runs on. */
export interface JavaNeed {
	/** The program's name in messages: Kafka */
	what: string;
	min: number;
	max?: number;
}

/** The minimum for Kafka 4. */
export const JAVA_VERSION_MIN = 17;
const KAFKA: JavaNeed = { what: "Kafka", min: JAVA_VERSION_MIN };
/** Mode bit: every user can write. */
const WRITABLE_BY_OTHERS = 0o002;
/** At most this many Javas next to an unsuitable one are tried. */
const SIBLINGS_MAX = 30;

export interface Java {
	path: string;
	/** The value of JAVA_HOME for this Java. */
	home: string;
	/** The version as Java reports it: 17.0.15 */
	version: string;
	major: number;
	/**
	 * A locale (for LC_ALL) in which this Java can open files with any name; undefined if there is
	 * none.
	 */
	locale: string | undefined;
}

type Environment = Readonly<Record<string, string | undefined>>;

/** The `java` files to try, in order. */
export function javaCandidates(env: Environment): string[] {
	const file = process.platform === "win32" ? "java.exe" : "java";
	const homes = env.JAVA_HOME ? [join(env.JAVA_HOME, "bin")] : [];
	const paths = (env.PATH ?? "").split(delimiter).filter((dir) => dir !== "");
	return [...new Set([...homes, ...paths].map((dir) => join(dir, file)))];
}

/**
 * Finds the first Java that every program here can run on.
 *
 * If those of JAVA_HOME and PATH do not fit, it tries the ones installed next to them (/usr/lib/jvm
 * has several on many machines). Throws LocalKafkaError `java-missing`, `java-unsuitable` or
 * `java-broken`.
 */
export async function findJava(
	env: Environment = process.env,
	needs: readonly JavaNeed[] = [KAFKA],
): Promise<Java> {
	const found: { path: string; asked: AskedJava }[] = [];
	const seen = new Set<string>();
	const look = async (paths: readonly string[]): Promise<Java | undefined> => {
		for (const path of paths.filter(executable)) {
			const real = realpathSync(path);
			if (seen.has(real)) continue;
			seen.add(real);
			const asked = await askJava(path, env);
			if ("version" in asked && needs.every((need) => fits(asked.major, need)))
				return { path, ...asked };
			found.push({ path, asked });
		}
		return undefined;
	};
	const java =
		(await look(javaCandidates(env))) ??
		(await look(found.flatMap(({ path, asked }) => siblings(path, asked))));
	if (java) return java;
	throw noJava(found, needs, env);
}

const fits = (
	major: number,
	{ min, max = Number.POSITIVE_INFINITY }: JavaNeed,
) => major >= min && major <= max;

/**
 * Javas installed in folders next to this one's: /usr/lib/jvm/java-21/bin/java for
 * /usr/lib/jvm/java-25/bin/java. Empty if every user can write to that folder, as with /tmp: any
 * user could have put a program there.
 */
function siblings(path: string, asked: AskedJava): string[] {
	const home = "home" in asked ? asked.home : dirname(dirname(path));
	// macOS: .../JavaVirtualMachines/temurin-21.jdk/Contents/Home
	const inner = /\/Contents\/Home$/.exec(home)?.[0] ?? "";
	const all = dirname(home.slice(0, home.length - inner.length));
	try {
		if (statSync(all).mode & WRITABLE_BY_OTHERS) return [];
		return readdirSync(all)
			.sort()
			.slice(0, SIBLINGS_MAX)
			.map((name) => join(all, name, inner, "bin", "java"));
	} catch {
		return [];
	}
}

function noJava(
	found: readonly { path: string; asked: AskedJava }[],
	needs: readonly JavaNeed[],
	env: Environment,
): LocalKafkaError {
	const needed = needs
		.map(({ what, min, max }) =>
			max === undefined
				? `${what} needs Java ${min} or later`
				: `${what} needs Java ${min} to ${max}`,
		)
		.join(", and ");
	const max = Math.min(...needs.map((n) => n.max ?? Number.POSITIVE_INFINITY));
	const install = `Install one, e.g. \`apt install openjdk-17-jre-headless\` (Debian, Ubuntu), \`dnf install java-21-openjdk-headless\` (Fedora), \`brew install ${max === Number.POSITIVE_INFINITY ? "openjdk" : `openjdk@${max}`}\` (macOS), and put it first in PATH or set JAVA_HOME.`;
	const broken = found.flatMap(({ path, asked }) =>
		"failure" in asked ? [`${path} fails: ${asked.failure}`] : [],
	);
	const others = found.flatMap(({ path, asked }) =>
		"version" in asked ? [`${path} is ${asked.version}`] : [],
	);
	if (broken.length > 0 && others.length === 0) {
		const set = JAVA_OPTION_VARIABLES.filter((name) => env[name]);
		const those = set.join(", ");
		return new LocalKafkaError(
			"java-broken",
			`${needed}, and no Java here works: ${broken.slice(0, 3).join("; ")}. ${
				set.length > 0
					? `Correct or unset ${those}: every Java reads ${set.length === 1 ? "it" : "them"}.`
					: install
			}`,
		);
	}
	if (others.length > 0)
		return new LocalKafkaError(
			"java-unsuitable",
			`${needed}, but ${[...others, ...broken].slice(0, 6).join("; ")}. ${install}`,
		);
	return new LocalKafkaError(
		"java-missing",
		`${needed}, and there is none in JAVA_HOME or PATH. ${install}`,
	);
}

/** Options that every JVM takes from the environment. They change or break any Java. */
export const JAVA_OPTION_VARIABLES = [
	"JAVA_TOOL_OPTIONS",
	"_JAVA_OPTIONS",
	"JDK_JAVA_OPTIONS",
] as const;

function executable(path: string): boolean {
	try {
		accessSync(path, constants.X_OK);
		return true;
	} catch {
		return false;
	}
}
