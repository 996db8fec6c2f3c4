/**
 * `fireworks ingest`: runs packages/ingest as a program of its own. It is not in the CLI's bundle,
 * because DuckDB, which reads the files, is a native library.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "@fireworks/programs";
import { CLI_EXIT, CliError } from "../exit-codes.ts";
import { topicsEnvironment } from "../local/settings.ts";
import { assertTopicsHere } from "./topics-here.ts";

const FOLDER = join(ROOT, "packages/ingest");

/** The local system, whatever the last `up` started. The program behind us does not know it. */
const LOCAL = "--local";

/**
 * args: as they were typed. Writes to FIREWORKS_BROKERS, or else to the local system. Returns the
 * exit code of the program.
 */
export async function ingest(args: readonly string[]): Promise<number> {
	if (!existsSync(join(FOLDER, "node_modules")))
		throw new CliError(
			CLI_EXIT.failure,
			"The packages of this clone are not installed. Install them: `sh bootstrap.sh prepare`",
		);
	const local = args.includes(LOCAL);
	assertTopicsHere("ingest", "ingest ...", local ? { target: "local" } : {});
	const child = spawn(
		process.execPath,
		[join(FOLDER, "src/main.ts"), ...args.filter((one) => one !== LOCAL)],
		{ stdio: "inherit", env: await topicsEnvironment(process.env) },
	);
	// A terminal sends Ctrl-C to the program too, which then ends in order, and we after it.
	process.on("SIGINT", () => {});
	for (const name of ["SIGTERM", "SIGHUP"] as const)
		process.on(name, () => child.kill(name));
	const [code] = (await once(child, "exit")) as [number | null];
	return code ?? CLI_EXIT.failure;
}
