/** The program that runs as a service: its bundle, or the processor of another engine. */
import { existsSync } from "node:fs";
import {
	PROGRAMS,
	pythonInterpreter,
	pythonProgram,
	sparkProgram,
} from "@fireworks/programs";
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
	// The PySpark metronome takes tens of seconds to start, so only its own test uses it.
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
	const bundle = PROGRAMS[name];
	if (!existsSync(bundle))
		throw new Error(`${bundle} is not there: run pnpm build`);
	return { file: process.execPath, args: [...nodeOptions, bundle], env: {} };
}
