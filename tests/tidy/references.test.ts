/** Links in documents, and names of files in comments and messages, lead somewhere. */
import { existsSync, readFileSync } from "node:fs";
import { posix } from "node:path";
import { expect, test } from "vitest";
import { handwritten, linesOf, proseOf, tracked } from "./tracked.ts";

const documents = tracked.filter((path) => path.endsWith(".md"));

/** A heading's anchor, as GitHub makes it. */
const anchorOf = (heading: string) =>
	heading
		.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, "$1")
		.toLowerCase()
		.replaceAll(/[^\p{L}\p{N}\s_-]/gu, "")
		.trim()
		.replaceAll(/\s/g, "-");

const anchors = (path: string) =>
	new Set(
		readFileSync(path, "utf8")
			.replaceAll(/^```.*?^```/gms, "")
			.split("\n")
			.filter((line) => /^#+ /.test(line))
			.map((line) => anchorOf(line.replace(/^#+ /, ""))),
	);

test("every relative link leads to a file, and to a heading in it", () => {
	const broken = documents.flatMap((path) =>
		[...readFileSync(path, "utf8").matchAll(/\]\(([^)\s#]*)(?:#([^)\s]+))?\)/g)]
			.filter(([, target = ""]) => !/^[a-z]+:/.test(target))
			.filter(([, target = "", anchor]) => {
				const file =
					target === "" ? path : posix.join(posix.dirname(path), target);
				if (!existsSync(file)) return true;
				return anchor !== undefined && !anchors(file).has(anchor);
			})
			.map(([link]) => `${path}: ${link}`),
	);
	expect(broken.join("\n")).toBe("");
});

test("every path in docs/ that is named anywhere exists", () => {
	const broken = tracked
		.filter((path) => !/\.(png|jar|lock)$/.test(path))
		.flatMap((path) =>
			linesOf(path).flatMap((line, index) =>
				[...line.matchAll(/(?<![\w./-])docs\/[\w./-]*\w/g)]
					.filter(([name]) => !existsSync(name))
					.map(([name]) => `${path}:${index + 1}: ${name}`),
			),
		);
	expect(broken.join("\n")).toBe("");
});

/** Names of files that are in no clone, by pattern, each with its reason. */
const ELSEWHERE: { pattern: RegExp; because: string }[] = [
	{ pattern: /^kafka-[\w-]+\.sh$/, because: "a tool in Kafka's image" },
];

const exists = (name: string, from: string) =>
	existsSync(name) ||
	existsSync(posix.join(posix.dirname(from), name)) ||
	tracked.some((path) => path === name || path.endsWith(`/${name}`));

const FILE =
	/(?<![\w@$*<>{}:/.-])[\w-][\w./@-]*\.(ts|tsx|mjs|md|py|scala|sh|java|tpl|css)\b(?![\w*(-])/g;

const missing = (text: string, from: string): string[] =>
	[...text.replaceAll(/https?:\/\/\S+/g, "").matchAll(FILE)]
		.map(([name]) => name)
		.filter(
			(name) =>
				!ELSEWHERE.some(({ pattern }) => pattern.test(name)) &&
				!exists(name, from),
		);

test("every file that a comment or a document names exists", () => {
	const broken = handwritten.flatMap((path) =>
		proseOf(path).flatMap(({ line, text }) =>
			missing(text, path).map((name) => `${path}:${line}: ${name}`),
		),
	);
	expect(broken.join("\n")).toBe("");
});

test.each([
	["see nowhere.md and tracked.ts", ["nowhere.md"]],
	["(packages/nowhere/src/index.ts)", ["packages/nowhere/src/index.ts"]],
	["https://example.org/nowhere.md, kafka-topics.sh, src/*.ts", []],
])("in %j the missing files are %j", (text, names) => {
	expect(missing(text, "tests/tidy/references.test.ts")).toEqual(names);
});
