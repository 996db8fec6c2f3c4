/**
 * What a Dockerfile takes from the build context: the sources of its COPY lines, with build arguments put in.
 *
 * Not a Dockerfile parser: it knows the lines that ours have (continuations, comments, flags, ARG with defaults, $NAME, ${NAME} and ${NAME:-default}). ADD and
 * the JSON form of COPY are refused, so that nothing is overlooked in silence.
 */

/** Sources as written, relative to the context; patterns are left as they are. Throws Error on what it does not know. */
export function copySources(
	dockerfile: string,
	args: Readonly<Record<string, string>> = {},
): string[] {
	const values = new Map<string, string>();
	const sources: string[] = [];
	for (const line of instructions(dockerfile)) {
		const [word = "", ...rest] = line.split(/\s+/);
		switch (word.toUpperCase()) {
			case "ARG": {
				const [, name = "", standard = ""] =
					/^(\w+)(?:=(.*))?$/.exec(line.slice(4).trim()) ?? [];
				values.set(name, args[name] ?? expand(unquoted(standard), values));
				break;
			}
			case "ADD":
				throw new Error(`ADD is not known here, use COPY: ${line}`);
			case "COPY": {
				if (rest.some((part) => part.startsWith("--from="))) break;
				const paths = rest.filter((part) => !part.startsWith("--"));
				if (paths[0]?.startsWith("["))
					throw new Error(`COPY in its JSON form is not known here: ${line}`);
				sources.push(...paths.slice(0, -1).map((path) => expand(path, values)));
				break;
			}
		}
	}
	return sources;
}

/** The logical lines: continuations joined, comments and blanks left out. */
function instructions(dockerfile: string): string[] {
	return dockerfile
		.split("\n")
		.filter((line) => !/^\s*#/.test(line))
		.join("\n")
		.replace(/\\\n/g, " ")
		.split("\n")
		.map((line) => line.trim())
		.filter((line) => line !== "");
}

const unquoted = (text: string) => text.replace(/^"(.*)"$/, "$1");

function expand(text: string, values: ReadonlyMap<string, string>): string {
	return text.replace(
		/\$(?:(\w+)|\{(\w+)(?::-([^}]*))?\})/g,
		(_, bare: string, braced: string, standard = "") =>
			values.get(bare ?? braced) || standard,
	);
}
