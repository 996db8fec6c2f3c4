/** The command line of a JVM that runs one of Kafka's classes. */
import { pathToFileURL } from "node:url";
import type { BrokerLayout } from "./broker-layout.ts";

export interface JvmOptions {
	/** MB (2^20 bytes). */
	heapMb: number;
	/** Compile fast and plainly: starts with half of the CPU, and is slower after a minute. For tests. */
	quickStart?: boolean;
	flags?: readonly string[];
}

/**
 * The arguments of `java` for a main class.
 *
 * The serial collector: measured on two cores with this heap, the broker starts as fast as with G1 and needs fewer threads. The start of the heap is
 * set because the JVM takes a 64th of the machine's memory otherwise. The class path goes by the environment (CLASSPATH), to keep `ps` readable.
 */
export const jvmArguments = (
	layout: BrokerLayout,
	options: JvmOptions,
	mainClass: string,
	args: readonly string[],
): string[] => [
	`-Xms${Math.min(96, options.heapMb)}m`,
	`-Xmx${options.heapMb}m`,
	"-XX:+UseSerialGC",
	"-XX:+ExitOnOutOfMemoryError",
	"-XX:-UsePerfData",
	...(options.quickStart ? ["-XX:TieredStopAtLevel=1"] : []),
	...(options.flags ?? []),
	"-Djava.awt.headless=true",
	`-Djava.io.tmpdir=${layout.tmpDir}`,
	`-Dlog4j2.configurationFile=${pathToFileURL(layout.log4j2Config).href}`,
	mainClass,
	...args,
];
