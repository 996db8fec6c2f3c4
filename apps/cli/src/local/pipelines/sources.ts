/** Checksums of files, to see what has changed: by their names, sizes and times. */
import { createHash } from "node:crypto";
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";

/** Folders that are not part of what runs. */
const SKIPPED = new Set(["node_modules", "dist", "test"]);
/** Files of a folder beyond that are not looked at: they are data rather than sources. */
const FILES_MAX = 2_000;

/** A checksum of a pipeline's files. Empty if its folder is gone. */
export const sourcesOf = (folder: string): string => checksum([folder]);

/** A checksum of files, and of all files in folders. Empty if one of them is gone. */
export function checksum(paths: readonly string[]): string {
	const hash = createHash("sha256");
	try {
		for (const path of paths) hash.update(linesOf(path).sort().join("\n"));
	} catch {
		return "";
	}
	return hash.digest("hex");
}

function linesOf(root: string): string[] {
	const lines: string[] = [];
	const look = (path: string) => {
		const stats = statSync(path);
		if (!stats.isDirectory())
			lines.push(`${path} ${stats.size} ${stats.mtimeMs}`);
		else
			for (const name of readdirSync(path))
				if (!name.startsWith(".") && !SKIPPED.has(name))
					if (lines.length < FILES_MAX) look(join(path, name));
	};
	look(root);
	return lines;
}
