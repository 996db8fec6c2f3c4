/** What the processor's part runs: the service in TypeScript, or the engine that the settings name. */
import { execFile } from "node:child_process";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import { PROGRAMS, ROOT } from "../project.ts";
import { HopelessError } from "./part.ts";

export interface EngineProgram {
	file?: string;
	args: readonly string[];
	env: Readonly<Record<string, string>>;
}

export interface EngineChoice {
	engine: string;
	/** Where downloads are kept; empty: the usual place. */
	cacheDir: string;
}

const PYTHON = join(ROOT, "engines/python");

/** Throws HopelessError where the engine cannot be had here. */
export const processorProgram = async (
	choice: EngineChoice,
): Promise<EngineProgram> =>
	choice.engine === "python"
		? pythonProgram(await pythonInterpreter(choice.cacheDir))
		: { args: [PROGRAMS.processor], env: {} };

/** The Python engine's interpreter, with its packages; they are fetched where they are absent. dev: with what its own tests need. */
export async function pythonInterpreter(
	cacheDir = "",
	dev = false,
): Promise<string> {
	const env = cacheDir
		? { ...process.env, FIREWORKS_CACHE_DIR: resolve(cacheDir) }
		: process.env;
	const args = [join(PYTHON, "venv.sh"), ...(dev ? ["--dev"] : [])];
	try {
		const { stdout } = await promisify(execFile)("sh", args, { env });
		return stdout.trim();
	} catch (error) {
		const { stderr, message } = error as Error & { stderr?: string };
		throw new HopelessError(
			`The Python engine's environment cannot be made: ${stderr?.trim() || message}`,
			{ cause: error },
		);
	}
}

/** The processor from its sources, by an interpreter that has its packages. */
export const pythonProgram = (interpreter: string): EngineProgram => ({
	file: interpreter,
	args: ["-m", "fireworks_engine"],
	env: {
		PYTHONPATH: join(PYTHON, "src"),
		// Beside the packages: the clone stays as it is.
		PYTHONPYCACHEPREFIX: join(dirname(dirname(interpreter)), "pycache"),
	},
});
