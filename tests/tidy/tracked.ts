/** The text files of the repository that the tidy tests read, and the prose in them. */
import { execFileSync } from "node:child_process";
import { existsSync, readFileSync } from "node:fs";

/** Files that a program writes. Their source is checked instead, or they are data. */
const GENERATED = [
	/\.(png|svg|jar|lock|jsonl|json|patch)$/,
	/^pnpm-lock\.yaml$/,
	/^docs\/operate\/(settings|values)\.md$/,
	/^docs\/how-it-works\/engines\//,
	/^scripts\/bootstrap\/settings\.txt$/,
	/^tests\/tidy\//, // quotes what it forbids
];

export const tracked: readonly string[] = execFileSync(
	"git",
	["ls-files", "-z"],
	{ encoding: "utf8" },
)
	.split("\0")
	.filter((path) => path !== "" && existsSync(path));

export const handwritten = tracked.filter(
	(path) => !GENERATED.some((pattern) => pattern.test(path)),
);

export const linesOf = (path: string): string[] => {
	try {
		return readFileSync(path, "utf8").split("\n");
	} catch {
		return []; // a symbolic link to a folder
	}
};

export interface Prose {
	line: number;
	text: string;
}

const SLASHES = /\.(ts|tsx|mjs|js|java|scala|css)$/;
/** In a shell program `/*` begins a pattern of paths, not a comment. */
const NO_BLOCKS = /\.sh$/;

/** The comments of a program or a configuration file, line by line. Code before them is included. */
function* comments(path: string, lines: string[]): Generator<Prose> {
	const blocks = !NO_BLOCKS.test(path);
	let inBlock = false;
	for (const [index, text] of lines.entries()) {
		const line = index + 1;
		if (inBlock) {
			yield { line, text };
			inBlock = !text.includes("*/");
			continue;
		}
		if (blocks && /^\s*(\{\{-?\s*)?\/\*/.test(text)) {
			yield { line, text };
			inBlock = !text.includes("*/");
		} else if (SLASHES.test(path)) {
			if (/^\s*\/\/|\s\/\/ [^"'`]*$/.test(text)) yield { line, text };
		} else if (/^\s*#|\s# [^"'`$;]*$/.test(text)) yield { line, text };
	}
}

/** The doc strings of a Python file. */
function* docStrings(lines: string[]): Generator<Prose> {
	let inside = false;
	for (const [index, text] of lines.entries()) {
		const quotes = text.split('"""').length - 1;
		if (inside || /^\s*"""/.test(text)) yield { line: index + 1, text };
		if (quotes === 1) inside = !inside;
	}
}

/** Markdown without tables and code blocks. */
function* markdown(lines: string[]): Generator<Prose> {
	let code = false;
	for (const [index, text] of lines.entries()) {
		if (/^\s*```/.test(text)) code = !code;
		else if (!code && !/^\s*\|/.test(text)) yield { line: index + 1, text };
	}
}

/** The sentences of a file: Markdown text, or comments. */
export function proseOf(path: string): Prose[] {
	const lines = linesOf(path);
	if (path.endsWith(".md")) return [...markdown(lines)];
	if (path.endsWith(".py"))
		return [...comments(path, lines), ...docStrings(lines)];
	return [...comments(path, lines)];
}
