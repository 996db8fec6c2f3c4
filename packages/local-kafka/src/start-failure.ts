/** Why a broker exited before it was ready, read from its last lines. */
import { LocalKafkaError } from "./errors.ts";
import { JAVA_OPTION_VARIABLES } from "./java.ts";

const LINES_SHOWN = 12;

export function startFailure(
	port: number,
	ended: string,
	lines: readonly string[],
	heapMb: number,
): LocalKafkaError {
	const all = lines.join("\n");
	const jvm = jvmFailure(lines, heapMb);
	if (jvm) return jvm;
	if (/BindException|Address already in use/.test(all))
		return new LocalKafkaError(
			"port-taken",
			`Kafka could not listen on 127.0.0.1:${port}: another process does. Stop it, or choose another port (FIREWORKS_KAFKA_PORT).`,
		);
	if (/Failed to acquire lock/.test(all))
		return new LocalKafkaError(
			"storage-locked",
			"Another Kafka works on the same data folder: stop it first (`fireworks down`).",
		);
	if (/No space left on device/.test(all))
		return new LocalKafkaError(
			"start-failed",
			"Kafka ended because the disk of its data is full. Make room, or name a state folder on another disk (FIREWORKS_STATE_DIR).",
		);
	if (/Read-only file system/.test(all))
		return new LocalKafkaError(
			"start-failed",
			"Kafka ended because its data is on a read-only file system. Name a state folder that can be written to (FIREWORKS_STATE_DIR).",
		);
	const shown = lines
		.filter((line) => !/^\s+at |^\s*$/.test(line))
		.slice(-LINES_SHOWN);
	return new LocalKafkaError(
		"start-failed",
		`Kafka ended before it was ready (${ended}). Its last lines:\n${shown.map((l) => `  ${l}`).join("\n")}`,
	);
}

/**
 * The failure of a JVM that could not start or ran out of memory; undefined if its lines do not say
 * so.
 */
export function jvmFailure(
	lines: readonly string[],
	heapMb: number,
	env: NodeJS.ProcessEnv = process.env,
): LocalKafkaError | undefined {
	const said = (pattern: RegExp) =>
		lines.find((line) => pattern.test(line))?.trim();
	const heap = said(
		/Could not reserve enough space|(Initial|Minimum|Maximum) heap size|Too small (initial|maximum) heap|Invalid (initial|maximum) heap|insufficient memory for the Java|Cannot allocate memory/,
	);
	if (heap)
		return new LocalKafkaError(
			"heap",
			`Java cannot run Kafka with a heap of ${heapMb} MB (${heap}). Set FIREWORKS_KAFKA_HEAP_MB to another size${blamed(env)}.`,
		);
	if (said(/OutOfMemoryError/))
		return new LocalKafkaError(
			"heap",
			`Kafka ran out of memory with a heap of ${heapMb} MB. Set FIREWORKS_KAFKA_HEAP_MB to more${blamed(env)}.`,
		);
	const options = said(
		/Unrecognized (VM )?option|Error opening zip file|Could not find agent/,
	);
	if (options)
		return new LocalKafkaError(
			"start-failed",
			`Java did not start: ${options}${blamed(env)}.`,
		);
	return undefined;
}

/**
 * The variables that every JVM reads, if they are set: it is easy to overlook that they cause a
 * failure.
 */
function blamed(env: NodeJS.ProcessEnv): string {
	const set = JAVA_OPTION_VARIABLES.filter((name) => env[name]);
	return set.length === 0
		? ""
		: `, and look at ${set.join(", ")}, which every Java reads`;
}
