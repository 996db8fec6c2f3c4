/** Logs: JSON lines to stdout, for any log collector. */
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

/**
 * Standard output for the log. When its reader is gone, the service continues without a log. The
 * default behaviour would be to retry forever, and the process could never end.
 */
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
