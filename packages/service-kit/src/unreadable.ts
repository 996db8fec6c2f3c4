/**
 * Checks whether a file that a setting names can be read. It is separate because parseSettings does
 * not access files.
 */
import { closeSync, fstatSync, openSync } from "node:fs";

/** Why the file cannot be read; undefined if it can. */
export function unreadable(path: string): string | undefined {
	try {
		const file = openSync(path, "r");
		try {
			return fstatSync(file).isFile() ? undefined : "it is not a file";
		} finally {
			closeSync(file);
		}
	} catch (error) {
		return (error as Error).message;
	}
}
