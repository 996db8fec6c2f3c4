/**
 * The program of the processor's part: the TypeScript service, or the engine that the settings
 * name.
 */
import { execFile } from "node:child_process";
import { dirname, join } from "node:path";
import { promisify } from "node:util";
import { cacheRoot, type Java } from "@fireworks/local-kafka";
import { PROGRAMS, ROOT } from "./root.ts";

/** Something that fails again on every retry, until a person changes something. */
export class UnrecoverableError extends Error {
	override name = "UnrecoverableError";
}

export interface EngineProgram {
	file?: string;
	args: readonly string[];
	env: Readonly<Record<string, string>>;
}

interface EngineChoice {
	engine: string;
	/** Where downloads are kept; empty: the default place. */
	cacheDir: string;
}

/** What another program needs to know of a Java in order to use the same one. */
type JavaOfParts = Pick<Java, "home" | "locale">;

const PYTHON = join(ROOT, "engines/python");
const SPARK = join(ROOT, "engines/spark");

/**
 * The clock's or the processor's program of an engine. Throws UnrecoverableError if the engine
 * cannot run on this machine.
 */
export async function engineProgram(
	part: "metronome" | "processor",
	choice: EngineChoice,
	java?: JavaOfParts,
): Promise<EngineProgram> {
	if (choice.engine === "spark")
		return sparkProgram(part, choice.cacheDir, java);
	if (choice.engine === "python" && part === "processor")
		return pythonProgram(await pythonInterpreter(choice.cacheDir));
	return { args: [PROGRAMS[part]], env: {} };
}

/**
 * The Python engine's interpreter with its packages. Missing packages are fetched. dev: include
 * what the engine's own tests need.
 */
export async function pythonInterpreter(
	cacheDir = "",
	dev = false,
): Promise<string> {
	const args = [join(PYTHON, "venv.sh"), ...(dev ? ["--dev"] : [])];
	return runScript(
		args,
		cacheVariable(cacheDir),
		"The environment of the Python engine cannot be made",
	);
}

/** Runs the processor from its sources, with an interpreter that has its packages. */
export const pythonProgram = (interpreter: string): EngineProgram => ({
	file: interpreter,
	args: ["-m", "fireworks_engine"],
	env: {
		PYTHONPATH: join(PYTHON, "src"),
		// Compiled files go next to the packages, so that the clone stays unchanged.
		PYTHONPYCACHEPREFIX: join(dirname(dirname(interpreter)), "pycache"),
	},
});

/**
 * A part of the Spark engine. If they are missing or old, Spark is fetched and the part is built,
 * which takes minutes the first time.
 */
export async function sparkProgram(
	part: "metronome" | "processor",
	cacheDir = "",
	java?: JavaOfParts,
): Promise<EngineProgram> {
	// The scripts use the Java of JAVA_HOME, whatever PATH has.
	const own = {
		...cacheVariable(cacheDir),
		...(java ? { JAVA_HOME: java.home } : {}),
		...(java?.locale ? { LC_ALL: java.locale } : {}),
	};
	sparkBuilt ??= runScript(
		[join(SPARK, "build.sh")],
		own,
		"The Spark engine cannot be built",
	);
	await sparkBuilt.catch((error: unknown) => {
		sparkBuilt = undefined;
		throw error;
	});
	// The script replaces itself by the program, so no wrapper process stays in between.
	return { file: "sh", args: [join(SPARK, "run.sh"), part], env: own };
}

/** Returns what the script prints. Throws UnrecoverableError with the script's own message. */
async function runScript(
	args: readonly string[],
	env: Readonly<Record<string, string>>,
	failure: string,
): Promise<string> {
	try {
		const options = { env: { ...process.env, ...env } };
		return (await promisify(execFile)("sh", args, options)).stdout.trim();
	} catch (error) {
		const { stderr, message } = error as Error & { stderr?: string };
		throw new UnrecoverableError(`${failure}: ${stderr?.trim() || message}`, {
			cause: error,
		});
	}
}

/** Gives the scripts the cache folder that was chosen here, so that all use the same one. */
const cacheVariable = (cacheDir: string) => ({
	FIREWORKS_CACHE_DIR: cacheRoot({
		...process.env,
		...(cacheDir ? { FIREWORKS_CACHE_DIR: cacheDir } : {}),
	}),
});

/** The build runs once in this process: two parts need it at the same time. */
let sparkBuilt: Promise<unknown> | undefined;
