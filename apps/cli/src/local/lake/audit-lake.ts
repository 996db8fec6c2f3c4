/**
 * `fireworks audit --lake`: runs packages/lake-audit as a program of its own. It is not in the
 * CLI's bundle, because DuckDB, which reads the tables, is a native library.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "@fireworks/programs";
import { CLI_EXIT, CliError, type CliExit } from "../../exit-codes.ts";
import { lakeFolderOf, topicsEnvironment } from "../settings.ts";

const FOLDER = join(ROOT, "packages/lake-audit");
const EXITS: readonly CliExit[] = [CLI_EXIT.ok, CLI_EXIT.failure];

/** Exit codes as in `audit`. Throws CliError if the packages are not installed. */
export async function auditLake({ json }: { json: boolean }): Promise<CliExit> {
	if (!existsSync(join(FOLDER, "node_modules")))
		throw new CliError(
			CLI_EXIT.failure,
			"The packages of this clone are not installed. Install them: `sh bootstrap.sh prepare`",
		);
	const env = await topicsEnvironment(process.env);
	const child = spawn(
		process.execPath,
		[join(FOLDER, "src/main.ts"), ...(json ? ["--json"] : [])],
		{
			stdio: "inherit",
			env: { ...env, FIREWORKS_LAKE_DIR: lakeFolderOf(env) },
		},
	);
	const [code] = (await once(child, "exit")) as [number | null];
	// Killed, or it could not start: no result.
	return EXITS.find((exit) => exit === code) ?? CLI_EXIT.unknown;
}
