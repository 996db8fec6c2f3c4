/**
 * What .dockerignore leaves out, by Docker's own rules (moby's patternmatcher): the last pattern that matches a path, or a folder above
 * it, decides; `!` takes back in. `*` and `?` stop at a slash, `**` does not.
 */

export type Ignored = (path: string) => boolean;

/** text: a .dockerignore. The function takes paths relative to the context, with slashes. */
export function dockerIgnore(text: string): Ignored {
	const rules = text
		.split(/\r?\n/)
		.map((line) => line.trim())
		.filter((line) => line !== "" && !line.startsWith("#"))
		.map((line) => {
			const excepted = line.startsWith("!");
			const pattern = (excepted ? line.slice(1).trim() : line)
				.replace(/^\/+/, "")
				.replace(/\/+$/, "");
			return { ignores: !excepted, regex: regexOf(pattern) };
		});
	return (path) =>
		rules.reduce(
			(ignored, { ignores, regex }) =>
				ignores !== ignored && regex.test(path) ? ignores : ignored,
			false,
		);
}

/** Matches the path itself, and all under it. */
function regexOf(pattern: string): RegExp {
	const body = pattern.replace(
		/\*\*\/?|\*|\?|\[[^\]]*\]|[.+^${}()|\\]/g,
		(part) => {
			if (part === "**/") return "(?:.*/)?";
			if (part === "**") return ".*";
			if (part === "*") return "[^/]*";
			if (part === "?") return "[^/]";
			return part.startsWith("[") ? part : `\\${part}`;
		},
	);
	return new RegExp(`^${body}(?:/.*)?$`, "s");
}
