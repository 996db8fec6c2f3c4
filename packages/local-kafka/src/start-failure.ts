/** Why a broker ended before it was ready, read from its last lines. */
import { LocalKafkaError } from "./errors.ts";

const LINES_SHOWN = 12;

export function startFailure(
	port: number,
	ended: string,
	lines: readonly string[],
): LocalKafkaError {
	const all = lines.join("\n");
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
	const shown = lines
		.filter((line) => !/^\s+at |^\s*$/.test(line))
		.slice(-LINES_SHOWN);
	return new LocalKafkaError(
		"start-failed",
		`Kafka ended before it was ready (${ended}). Its last lines:\n${shown.map((l) => `  ${l}`).join("\n")}`,
	);
}
