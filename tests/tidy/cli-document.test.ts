/** docs/use/cli.md describes every command, with the options that the CLI has today. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { cliCommands, cliDocument } from "../../scripts/cli-document.ts";

const text = readFileSync("docs/use/cli.md", "utf8");

// Each command's help is a process of its own, which takes long on a busy machine.
const TIMEOUT_MS = 300_000;

test(
	"every command has a section with an example and its options",
	async () => {
		const commands = await cliCommands();
		expect(commands).toContain("up");
		for (const command of commands) {
			const section =
				text.split(`\n## ${command}\n`)[1]?.split("\n## ")[0] ?? "";
			expect(section, `docs/use/cli.md: ## ${command}`).toContain("```");
			// A command with commands of its own has the options of each.
			expect(section).toMatch(
				new RegExp(`<!-- options of ${command}( [a-z]+)? -->`),
			);
		}
	},
	TIMEOUT_MS,
);

test(
	"the options are up to date (pnpm run docs)",
	async () => {
		expect(text).toBe(await cliDocument(text));
	},
	TIMEOUT_MS,
);
