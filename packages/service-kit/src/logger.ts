/** Logs: JSON lines to stdout, for whatever collects them. */
import { type Logger, pino, stdTimeFunctions } from "pino";

export type { Logger };

/** A service's logger: time as ISO 8601, level as a word, never a payload. */
export const createLogger = (service: string, level: string): Logger =>
	pino({
		level,
		base: { service },
		timestamp: stdTimeFunctions.isoTime,
		formatters: { level: (label) => ({ level: label }) },
	});
