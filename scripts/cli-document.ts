/**
 * docs/use/cli.md: its text is written by hand; the options of each command are generated from the
 * CLI's own help. They are between `<!-- options of <command> -->` and `<!-- end -->`.
 */
import { execFile } from "node:child_process";
import { promisify } from "node:util";

const run = promisify(execFile);
const CLI = "apps/cli/src/main.ts";

const helps = new Map<string, Promise<string>>();

/**
 * The CLI's help, without settings of this machine, which would show up as defaults. command: such
 * as `up`, or `dead-letters list`.
 */
function help(command?: string): Promise<string> {
	const key = command ?? "";
	const words = [CLI, ...(command?.split(" ") ?? []), "--help"];
	const known =
		helps.get(key) ??
		run(process.execPath, words, { env: { PATH: process.env.PATH } }).then(
			({ stdout }) => stdout,
		);
	helps.set(key, known);
	return known;
}

/** The rows of a section such as "Options:": what is described, and its description. */
function rows(text: string, section: string): [name: string, about: string][] {
	const lines =
		text.split(`\n${section}:\n`)[1]?.split("\n\n")[0]?.trim() ?? "";
	// A longer description continues on lines that are indented further.
	return lines
		.replaceAll(/\n {4,}/g, " ")
		.split("\n")
		.map((line) => line.trim().split(/\s{2,}/))
		.map(([name = "", ...about]) => [name, about.join(" ")]);
}

/** The names of the commands, as the CLI lists them. */
export const cliCommands = async (): Promise<string[]> =>
	rows(await help(), "Commands")
		.map(([usage]) => usage.split(" ")[0] ?? "")
		.filter((name) => name !== "help" && name !== "");

async function optionsTable(command: string): Promise<string> {
	const options = rows(await help(command), "Options").filter(
		([option]) => !option.startsWith("-h"),
	);
	return [
		"| option | meaning |",
		"|---|---|",
		...options.map(
			([option, about]) =>
				`| \`${option}\` | ${about.replace(' (default: "")', "").replaceAll("|", "\\|")} |`,
		),
	].join("\n");
}

/** The text with the options of the current CLI. */
export async function cliDocument(text: string): Promise<string> {
	const commands = await cliCommands();
	const named = [...text.matchAll(/<!-- options of (.+?) -->/g)].map(
		([, name = ""]) => name,
	);
	const tables = new Map(
		await Promise.all(
			named
				.filter((name) => commands.includes(name.split(" ")[0] ?? ""))
				.map(async (name) => [name, await optionsTable(name)] as const),
		),
	);
	return text.replace(
		/(<!-- options of (.+?) -->\n)[\s\S]*?(<!-- end -->)/g,
		(_, begin: string, name: string, end: string) => {
			const table = tables.get(name);
			if (table === undefined)
				throw new Error(`the CLI has no command ${name}`);
			return `${begin}${table}\n${end}`;
		},
	);
}
