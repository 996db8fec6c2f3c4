/** What is run for a service: its bundle, or the processor of another engine. */
import { existsSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../apps/cli/src/project.ts";
import {
	pythonInterpreter,
	pythonProgram,
	sparkProgram,
} from "../../apps/cli/src/supervisor/engine-program.ts";
import type { ServiceName } from "./service.ts";

export interface Program {
	file: string;
	args: readonly string[];
	env: Readonly<Record<string, string>>;
}

let interpreter: Promise<string> | undefined;

export async function programOf(
	name: ServiceName,
	engine = "typescript",
	nodeOptions: readonly string[] = [],
): Promise<Program> {
	if (name === "processor" && engine === "python") {
		interpreter ??= pythonInterpreter(process.env.FIREWORKS_CACHE_DIR);
		const file = await interpreter;
		return { ...pythonProgram(file), file };
	}
	// The PySpark metronome takes tens of seconds to start: its own test asks for it.
	if (
		engine === "spark-metronome" ||
		(name === "processor" && engine === "spark")
	) {
		const part = name === "metronome" ? "metronome" : "processor";
		return {
			file: "sh",
			...(await sparkProgram(part, process.env.FIREWORKS_CACHE_DIR)),
		};
	}
	const bundle = join(ROOT, `services/${name}/dist/main.js`);
	if (!existsSync(bundle))
		throw new Error(`${bundle} is not there: run pnpm build`);
	return { file: process.execPath, args: [...nodeOptions, bundle], env: {} };
}
