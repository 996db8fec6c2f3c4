/**
 * An image's content: one hash over all it is built from, which is its Dockerfile, its build arguments, and the files that the COPY lines take
 * from the context. Neither git nor time nor place is in it: two clones with the same files get the same names.
 *
 * Not in it: the base image behind a name such as node:24-bookworm-slim. When that moved, build with `docker pull` and --tag, or remove the image.
 */
import { createHash } from "node:crypto";
import {
	globSync,
	lstatSync,
	readdirSync,
	readFileSync,
	readlinkSync,
} from "node:fs";
import { join } from "node:path";
import type { ImageDefinition } from "./catalogue.ts";
import { dockerIgnore, type Ignored } from "./docker-ignore.ts";
import { copySources } from "./dockerfile.ts";

/** Build arguments that name an image without changing what it does: the same content may carry any. */
const LABEL_ARGS: readonly string[] = [
	"TITLE",
	"VERSION",
	"REVISION",
	"SOURCE",
	"LICENSES",
];

export type BuildArgs = Readonly<Record<string, string>>;

export const dockerfilePath = (image: ImageDefinition): string =>
	`docker/${image.dockerfile}`;

/** "dev-" and 12 hex digits. root: of the clone. args: all of them, the catalogue's too. */
export function contentTag(
	root: string,
	image: ImageDefinition,
	args: BuildArgs,
): string {
	const hash = createHash("sha256");
	const add = (...parts: (string | Buffer)[]) => {
		for (const part of parts)
			hash.update(`${Buffer.byteLength(part)}:`).update(part);
	};
	const dockerfile = readFileSync(join(root, dockerfilePath(image)), "utf8");
	add("dockerfile", dockerfile);
	for (const [name, value] of Object.entries(args).sort())
		if (!LABEL_ARGS.includes(name)) add("arg", name, value);
	for (const file of contextFiles(root, copySources(dockerfile, args))) {
		const path = join(root, file);
		const stat = lstatSync(path);
		if (stat.isSymbolicLink()) add("link", file, readlinkSync(path));
		else add(stat.mode & 0o100 ? "program" : "file", file, readFileSync(path));
	}
	return `dev-${hash.digest("hex").slice(0, 12)}`;
}

/** The tag of several together. */
export function setTag(tags: readonly string[]): string {
	const hash = createHash("sha256").update([...tags].sort().join("\n"));
	return `dev-${hash.digest("hex").slice(0, 12)}`;
}

/** The files under these sources that .dockerignore lets through, in order. Throws Error where a source has none: COPY would fail. */
export function contextFiles(
	root: string,
	sources: readonly string[],
): string[] {
	const ignored = dockerIgnore(
		readFileSync(join(root, ".dockerignore"), "utf8"),
	);
	const files = new Set<string>();
	for (const source of sources) {
		const pattern = source.replace(/\/+$/, "");
		// A glob finds what is in a folder, never the folder itself by its name ".".
		const matches = pattern === "." ? ["."] : globSync(pattern, { cwd: root });
		const found = matches.flatMap((path) => filesUnder(root, path, ignored));
		if (found.length === 0)
			throw new Error(
				`${source} of a COPY line: there is no such file in the build context`,
			);
		for (const file of found) files.add(file);
	}
	return [...files].sort();
}

/** Folders that are left out are not entered: none of our patterns takes something back in from under one. */
function filesUnder(root: string, path: string, ignored: Ignored): string[] {
	if (path !== "." && ignored(path)) return [];
	if (!lstatSync(join(root, path)).isDirectory()) return [path];
	return readdirSync(join(root, path)).flatMap((name) =>
		filesUnder(root, path === "." ? name : `${path}/${name}`, ignored),
	);
}
