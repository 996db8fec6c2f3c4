/** `fireworks new`: copies a template of packages/pipeline to pipelines/NAME. */
import {
	cpSync,
	existsSync,
	readdirSync,
	readFileSync,
	writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { ROOT } from "@fireworks/programs";
import { CLI_EXIT, CliError } from "../exit-codes.ts";
import { nameProblem } from "../local/pipelines/find.ts";

export const TEMPLATES = ["map", "window", "join", "http-in", "file"] as const;
type Template = (typeof TEMPLATES)[number];

/** The name of the pipeline in the templates. */
const PLACEHOLDER = /\bexample\b/g;
/** root: of the clone. Returns the exit code; throws CliError if the name cannot be used. */
export function newPipeline(
	name: string,
	template: Template,
	root = ROOT,
): number {
	const unusable = nameProblem(name);
	if (unusable !== undefined)
		throw new CliError(
			CLI_EXIT.usage,
			`${JSON.stringify(name)} cannot be the name of a pipeline: ${unusable}.`,
		);
	const folder = join(root, "pipelines", name);
	if (existsSync(folder))
		throw new CliError(
			CLI_EXIT.usage,
			`pipelines/${name} exists already. Choose another name, or remove the folder.`,
		);
	const from = join(root, "packages/pipeline/templates", template);
	cpSync(from, folder, { recursive: true, errorOnExist: true });
	const files = readdirSync(folder, { recursive: true, withFileTypes: true })
		.filter((entry) => entry.isFile())
		.map((entry) => join(entry.parentPath, entry.name));
	for (const file of files)
		writeFileSync(file, readFileSync(file, "utf8").replace(PLACEHOLDER, name));
	const list = files.map((file) => `  ${file.slice(root.length + 1)}`);
	console.log(`Made the pipeline ${name}:
${list.toSorted().join("\n")}
Next:
  pnpm vitest run pipelines/${name}    run its test
  sh bootstrap.sh up --detach${template === "http-in" ? ` --ingest    run it with the system, and take its records over HTTP: pipelines/${name}/stages.ts has an example` : "    run it with the system"}
docs/build/pipelines.md says more.`);
	return CLI_EXIT.ok;
}
