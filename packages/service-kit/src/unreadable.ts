/** Whether a file that a setting names can be read: for parseSettings, which knows of no files. */
import { closeSync, fstatSync, openSync } from "node:fs";

/** Why not; undefined where it can. */
export function unreadable(path: string): string | undefined {
	try {
		const file = openSync(path, "r");
		try {
			return fstatSync(file).isFile() ? undefined : "it is no file";
		} finally {
			closeSync(file);
		}
	} catch (error) {
		return (error as Error).message;
	}
}
