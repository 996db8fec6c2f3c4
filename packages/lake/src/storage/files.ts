/**
 * The files of a table, in folders of this machine. They are written once, under a new name, and
 * never changed. A name in Iceberg's metadata is file:// and the path as it is, without escapes.
 */
import { mkdir, open, readdir, readFile, rm, stat } from "node:fs/promises";
import { dirname, join } from "node:path";
import { UnsupportedTableError } from "../errors.ts";

export const uriOf = (path: string): string => `file://${path}`;

export function pathOf(uri: string): string {
	const path = uri.replace(/^file:(\/\/)?/, "");
	if (path.startsWith("/")) return path;
	throw new UnsupportedTableError(
		`the file ${uri} is not in a folder of this machine. Fireworks reads and writes tables at file:// only`,
	);
}

export const readUri = (uri: string): Promise<Buffer> => readFile(pathOf(uri));

/** The file is on the disk afterwards; its name is, after syncFolderOf. */
export async function writeUri(uri: string, bytes: Buffer): Promise<void> {
	const file = await open(pathOf(uri), "wx");
	try {
		await file.writeFile(bytes);
		await file.sync();
	} finally {
		await file.close();
	}
}

/** Another program, or DuckDB, has written this file: it is on the disk afterwards. */
export async function syncFile(path: string): Promise<void> {
	const file = await open(path, "r+");
	try {
		await file.sync();
	} finally {
		await file.close();
	}
}

/** The names in a folder are on the disk afterwards. */
export async function syncFolder(path: string): Promise<void> {
	const folder = await open(path, "r");
	try {
		await folder.sync();
	} finally {
		await folder.close();
	}
}

export const syncFolderOf = (uri: string): Promise<void> =>
	syncFolder(dirname(pathOf(uri)));

/** The folder, and those above it, are on the disk afterwards if they were not there. */
export async function ensureFolder(uri: string): Promise<void> {
	const path = pathOf(uri);
	const first = await mkdir(path, { recursive: true });
	if (first === undefined) return;
	for (let made = path; made.length >= first.length; made = dirname(made))
		await syncFolder(dirname(made));
}

/** A file that is already gone is fine. Returns whether it was there. */
export async function removeUri(uri: string): Promise<boolean> {
	try {
		await rm(pathOf(uri));
		return true;
	} catch (error) {
		if (isAbsent(error)) return false;
		throw error;
	}
}

/** The files in a folder that were last written before this time. No folder: none. */
export async function filesBefore(
	folderUri: string,
	time: number,
): Promise<string[]> {
	const folder = pathOf(folderUri);
	const found: string[] = [];
	for (const name of await namesIn(folder)) {
		const info = await stat(join(folder, name)).catch(absentAsUndefined);
		if (info?.isFile() && info.mtimeMs < time)
			found.push(`${folderUri}/${name}`);
	}
	return found;
}

export const namesIn = async (folder: string): Promise<string[]> =>
	(await readdir(folder).catch(absentAsUndefined)) ?? [];

export const isAbsent = (error: unknown): boolean =>
	(error as NodeJS.ErrnoException).code === "ENOENT";

export function absentAsUndefined(error: unknown): undefined {
	if (!isAbsent(error)) throw error;
}

/** An error of the operating system, such as EACCES. */
export const isSystemError = (error: unknown): error is NodeJS.ErrnoException =>
	error instanceof Error && "syscall" in error;
