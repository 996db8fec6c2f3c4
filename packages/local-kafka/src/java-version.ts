/**
 * Asks a `java` for its version, its home, and the locale in which it can open files with any name.
 */
import { execFile } from "node:child_process";
import { dirname } from "node:path";

const TIMEOUT_MS = 20_000;
const FAILURE_LINES = 3;
const FAILURE_CHARACTERS_MAX = 300;

/** What a `java` reports about itself, or its own message if it does not run. */
export type AskedJava =
	| {
			version: string;
			major: number;
			home: string;
			locale: string | undefined;
	  }
	| { failure: string };

type Environment = Readonly<Record<string, string | undefined>>;

/**
 * Reads the version from the output of `java -version`; undefined if there is none. 1.8.0_402 is
 * major version 8.
 */
export function parseJavaVersion(
	printed: string,
): { version: string; major: number } | undefined {
	const version = /version "([^"]+)"/.exec(printed)?.[1];
	if (version === undefined) return undefined;
	const [first = "", second = ""] = version.split(/[._+-]/);
	return { version, major: Number(first === "1" ? second : first) };
}

/**
 * The locales to try, best first.
 *
 * A JVM takes the encoding of file names from its locale, and nothing else can set it: in the
 * locale C it cannot even start in a folder with letters beyond ASCII. C.UTF-8 is on most Linux
 * machines; macOS and some older ones have en_US.UTF-8.
 */
export const utf8Locales = (
	env: Environment,
	platform: NodeJS.Platform = process.platform,
): string[] => {
	const own = env.LC_ALL || env.LC_CTYPE || env.LANG || "";
	const usual =
		platform === "darwin"
			? ["en_US.UTF-8", "C.UTF-8"]
			: ["C.UTF-8", "en_US.UTF-8"];
	return /utf-?8/i.test(own) ? [...new Set([...usual, own])] : usual;
};

export async function askJava(
	path: string,
	env: Environment,
): Promise<AskedJava> {
	let answer: AskedJava | undefined;
	for (const locale of utf8Locales(env)) {
		const { failed, printed } = await run(path, { ...env, LC_ALL: locale });
		const parsed = failed ? undefined : parseJavaVersion(printed);
		if (parsed === undefined) return answer ?? { failure: firstLines(printed) };
		const encoding = property(printed, "sun.jnu.encoding");
		const home = property(printed, "java.home") ?? dirname(dirname(path));
		answer = { ...parsed, home, locale: undefined };
		// Some Javas do not report the encoding. Then the usual locale is the best guess.
		if (encoding === undefined || /utf-?8/i.test(encoding))
			return { ...answer, locale };
	}
	return answer ?? { failure: "no locale to ask in" };
}

const property = (printed: string, name: string): string | undefined =>
	new RegExp(`^\\s*${name.replaceAll(".", "\\.")} = (.*)$`, "m")
		.exec(printed)?.[1]
		?.trim();

/**
 * Java prints the values of its option variables, which may hold a secret. Those lines are left
 * out.
 */
const firstLines = (printed: string): string => {
	const lines = printed
		.split("\n")
		.map((line) => line.trim())
		.filter((line) => line !== "" && !/Picked up \w*JAVA\w*:/.test(line));
	const text = lines.slice(0, FAILURE_LINES).join(" ");
	return text === ""
		? "it prints no version"
		: `"${text.slice(0, FAILURE_CHARACTERS_MAX)}"`;
};

const run = (
	path: string,
	env: Environment,
): Promise<{ failed: boolean; printed: string }> =>
	new Promise((resolve) => {
		execFile(
			path,
			["-XshowSettings:properties", "-version"],
			{ timeout: TIMEOUT_MS, env: env as NodeJS.ProcessEnv },
			(error, stdout, stderr) =>
				resolve({
					failed: error !== null,
					printed: error?.killed
						? `no answer within ${TIMEOUT_MS / 1_000} s`
						: stdout + stderr || (error?.message ?? ""),
				}),
		);
	});
