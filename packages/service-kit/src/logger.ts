/** Logs: JSON lines to stdout, for whatever collects them. */
import {
	destination as destinationOf,
	type Logger,
	pino,
	stdTimeFunctions,
} from "pino";

export type { Logger };

/** A service's logger: time as ISO 8601, level as a word, never a payload. */
export const createLogger = (service: string, level: string): Logger =>
	pino(
		{
			level,
			base: { service },
			timestamp: stdTimeFunctions.isoTime,
			formatters: { level: (label) => ({ level: label }) },
		},
		standardOutput(),
	);

/** Where whoever read the log is gone, the service goes on without one: the destination would try for ever, and never let the process end. */
function standardOutput() {
	const destination = destinationOf({ dest: 1, sync: true });
	destination.on("error", (error: NodeJS.ErrnoException) => {
		if (error.code !== "EPIPE") throw error;
		destination.write = () => true;
		destination.flushSync = () => {};
		destination.end = () => {};
	});
	return destination;
}
