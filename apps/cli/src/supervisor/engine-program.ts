/** What the processor's part runs: the service in TypeScript, or the engine that the settings name. */
import { execFile } from "node:child_process";
import { homedir } from "node:os";
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
const SPARK = join(ROOT, "engines/spark");

/** The clock and the processor are those of an engine. Throws HopelessError where it cannot be had here. */
export async function engineProgram(
	part: "metronome" | "processor",
	choice: EngineChoice,
): Promise<EngineProgram> {
	if (choice.engine === "spark") return sparkProgram(part, choice.cacheDir);
	if (choice.engine === "python" && part === "processor")
		return pythonProgram(await pythonInterpreter(choice.cacheDir));
	return { args: [PROGRAMS[part]], env: {} };
}

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

/** A part of the Spark engine. It is built, and Spark is fetched, where they are absent or old: minutes at the first time. */
export async function sparkProgram(
	part: "metronome" | "processor",
	cacheDir = "",
): Promise<EngineProgram> {
	const own = {
		FIREWORKS_CACHE_DIR: cacheDir
			? resolve(cacheDir)
			: join(homedir(), ".cache/fireworks"),
	};
	const env = { ...process.env, ...own };
	try {
		sparkBuilt ??= promisify(execFile)("sh", [join(SPARK, "build.sh")], {
			env,
		});
		await sparkBuilt;
	} catch (error) {
		sparkBuilt = undefined;
		const { stderr, message } = error as Error & { stderr?: string };
		throw new HopelessError(
			`The Spark engine cannot be built: ${stderr?.trim() || message}`,
			{ cause: error },
		);
	}
	// The script gives its process to the program: no wrapper stays between.
	return { file: "sh", args: [join(SPARK, "run.sh"), part], env: own };
}

/** Once a process: two parts need it at the same time. */
let sparkBuilt: Promise<unknown> | undefined;
