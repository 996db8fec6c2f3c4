/** The command line of a JVM that runs one of Kafka's classes. */
import { pathToFileURL } from "node:url";
import type { BrokerLayout } from "./broker-layout.ts";
import type { Java } from "./java.ts";

export interface JvmOptions {
	/** MB (2^20 bytes). */
	heapMb: number;
	/**
	 * Use only the fast, simple compiler: starts with half of the CPU, but is slower after a
	 * minute. For tests.
	 */
	quickStart?: boolean;
	flags?: readonly string[];
}

/**
 * Kafka always runs in one locale, whatever the user's is. In Turkish "CLASSIC".toLowerCase() has a
 * different i, and Kafka does not start. With Arabic or Hindi digits Kafka cannot read the names of
 * its own data files again, and the data is lost without a message.
 */
const LOCALE_FLAGS = [
	"-Duser.language=en",
	"-Duser.country=US",
	"-Duser.script=",
	"-Duser.variant=",
	"-Duser.extensions=",
	// Sets the digits. JAVA_TOOL_OPTIONS could set them separately from the language.
	"-Duser.language.format=en",
];

const heapFlags = ({ heapMb }: Pick<JvmOptions, "heapMb">) => [
	`-Xms${Math.min(96, heapMb)}m`,
	`-Xmx${heapMb}m`,
];

/**
 * The arguments of `java` for a main class, which runs in the broker's folder.
 *
 * They select the serial collector: measured on two cores with this heap, the broker starts as fast
 * as with G1 and needs fewer threads. They set the initial heap, because the JVM takes a 64th of
 * the machine's memory otherwise. The class path is passed in the environment (CLASSPATH), to keep
 * `ps` readable.
 */
export const jvmArguments = (
	layout: BrokerLayout,
	options: JvmOptions,
	mainClass: string,
	args: readonly string[],
): string[] => [
	...heapFlags(options),
	...LOCALE_FLAGS,
	"-XX:+UseSerialGC",
	"-XX:+ExitOnOutOfMemoryError",
	"-XX:-UsePerfData",
	// Crash report of the JVM: one file, in the broker's folder.
	"-XX:ErrorFile=jvm-crash.log",
	...(options.quickStart ? ["-XX:TieredStopAtLevel=1"] : []),
	...(options.flags ?? []),
	"-Djava.awt.headless=true",
	`-Djava.io.tmpdir=${layout.tmpDir}`,
	`-Dlog4j2.configurationFile=${log4jAddress(layout.log4j2Config)}`,
	mainClass,
	...args,
];

/**
 * The URL of the configuration file, with commas escaped: Log4j splits a list of URLs at commas.
 */
const log4jAddress = (path: string) =>
	pathToFileURL(path).href.replaceAll(",", "%2C");

/**
 * The environment of that JVM.
 *
 * JAVA_TOOL_OPTIONS comes before our arguments, which override it. _JAVA_OPTIONS overrides our
 * arguments: with -Xmx64m in it Java would not start, as our initial heap is larger. So the
 * required options are repeated at the end of _JAVA_OPTIONS.
 */
export function jvmEnvironment(
	java: Pick<Java, "locale">,
	options: Pick<JvmOptions, "heapMb">,
	classPath: string,
	env: NodeJS.ProcessEnv = process.env,
): NodeJS.ProcessEnv {
	const { _JAVA_OPTIONS: last } = env;
	return {
		...env,
		CLASSPATH: classPath,
		...(java.locale ? { LC_ALL: java.locale } : {}),
		...(last
			? {
					_JAVA_OPTIONS: [last, ...heapFlags(options), ...LOCALE_FLAGS].join(
						" ",
					),
				}
			: {}),
	};
}
