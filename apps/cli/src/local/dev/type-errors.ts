/** Checks the types of one pipeline. */
import { execFile } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { ROOT } from "../../project.ts";
import { stateFolderOf } from "../../settings.ts";
import type { Pipeline } from "../pipelines/find.ts";

const LIMITS = { timeout: 120_000, maxBuffer: 4 * 1024 * 1024 } as const;
const LINES_SHOWN = 20;

/** What is to be said about the types of the pipeline's own files; empty: nothing. */
export async function typeErrors(
	{ name, folder }: Pipeline,
	signal: AbortSignal,
): Promise<string> {
	const place = join(stateFolderOf(process.env).root, "dev");
	const config = join(place, `${name}.json`);
	mkdirSync(place, { recursive: true });
	writeFileSync(
		config,
		JSON.stringify({
			extends: join(ROOT, "tsconfig.base.json"),
			compilerOptions: { typeRoots: [join(ROOT, "node_modules/@types")] },
			include: [
				join(folder, "**/*.ts"),
				join(ROOT, "packages/streams/src/kafka/untyped.d.ts"),
			],
			exclude: [join(folder, "node_modules"), join(folder, "dist")],
		}),
	);
	const compiler = join(ROOT, "node_modules/.bin/tsc");
	const said = await new Promise<string>((resolve) => {
		execFile(
			compiler,
			["--pretty", "false", "--project", config],
			{ cwd: ROOT, signal, ...LIMITS },
			// It ends with an error when it finds one. Without output it did not run.
			(error, stdout) =>
				resolve(stdout || signal.aborted ? stdout : (error?.message ?? "")),
		);
	});
	if (said !== "" && !/\): error TS/.test(said))
		return `the types of ${name} were not checked: ${said}`;
	const own = said
		.split("\n")
		.filter((line) => line.startsWith(`pipelines/${name}/`));
	return own.length === 0
		? ""
		: [`${name} has type errors:`, ...own.slice(0, LINES_SHOWN)].join("\n");
}
