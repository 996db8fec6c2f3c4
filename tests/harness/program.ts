/** What is run for a service: its bundle, or the processor of another engine. */
import { execFileSync } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import type { ServiceName } from "./service.ts";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PYTHON = join(ROOT, "engines/python");

export interface Program {
	file: string;
	args: string[];
	env: Record<string, string>;
}

/** The engine's interpreter; its virtual environment is made at the first use. dev: with what its own tests need. */
export const pythonInterpreter = (dev = false): string =>
	execFileSync("sh", [join(PYTHON, "venv.sh"), ...(dev ? ["--dev"] : [])], {
		encoding: "utf8",
	}).trim();

let interpreter: string | undefined;

const pythonProcessor = (): Program => {
	interpreter ??= pythonInterpreter();
	return {
		file: interpreter,
		args: ["-m", "fireworks_engine"],
		env: { PYTHONPATH: join(PYTHON, "src") },
	};
};

export function programOf(
	name: ServiceName,
	engine = "typescript",
	nodeOptions: readonly string[] = [],
): Program {
	if (name === "processor" && engine === "python") return pythonProcessor();
	const bundle = join(ROOT, `services/${name}/dist/main.js`);
	if (!existsSync(bundle))
		throw new Error(`${bundle} is not there: run pnpm build`);
	return { file: process.execPath, args: [...nodeOptions, bundle], env: {} };
}
