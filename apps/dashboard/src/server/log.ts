/** The log of the page's server: one line of JSON per entry, as in every service of Fireworks. */
const LEVELS = ["trace", "debug", "info", "warn", "error", "fatal"];

export type Log = (level: string, fields: object, msg: string) => void;

/** least: lines below this level are omitted. */
export const createLog =
	(least: string): Log =>
	(level, fields, msg) => {
		if (LEVELS.indexOf(level) < LEVELS.indexOf(least)) return;
		process.stdout.write(
			`${JSON.stringify({ level, time: new Date().toISOString(), service: "dashboard", ...fields, msg })}\n`,
		);
	};
