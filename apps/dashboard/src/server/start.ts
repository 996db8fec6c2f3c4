/** The start and the end of the page's server, as of every service of Fireworks: wrong settings stop it, and SIGTERM ends it with 0. */
import { EXIT, parseSettings, SettingsError } from "@fireworks/contracts";
import { NAMES } from "./settings.ts";

/** Requests are answered in milliseconds: what is still open after this is a client that does not read. */
const STOP_GRACE_MS = 1_000;

const log = (level: string, fields: object, msg: string) =>
	process.stdout.write(
		`${JSON.stringify({ level, time: new Date().toISOString(), service: "dashboard", ...fields, msg })}\n`,
	);

export function startServer(): void {
	checkSettings();
	for (const signal of ["SIGTERM", "SIGINT"] as const)
		process.once(signal, () => stop(signal));
	log("info", { port: Number(process.env.PORT) || null }, "the page is served");
}

function checkSettings(): void {
	try {
		parseSettings(process.env, NAMES);
	} catch (error) {
		if (!(error instanceof SettingsError)) throw error;
		for (const { name, value, expected } of error.problems)
			log("fatal", { setting: name, value, expected }, "wrong setting");
		log(
			"fatal",
			{ problems: error.problems.length },
			"not started: the settings are wrong",
		);
		process.exit(EXIT.config);
	}
}

/**
 * Next itself stops listening, ends idle connections, waits for the open ones without a bound, and ends with 143. A supervisor takes 143 for a
 * crash, and a slow client would hold the server up: hence a bound, and the exit code that says "in order".
 */
function stop(signal: string): void {
	log("info", { signal, graceMs: STOP_GRACE_MS }, "stopping");
	process.once("exit", () => {
		process.exitCode = EXIT.ok;
	});
	setTimeout(() => process.exit(EXIT.ok), STOP_GRACE_MS).unref();
}
