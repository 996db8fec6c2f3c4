/** The end of a log file. */
import { closeSync, fstatSync, openSync, readSync } from "node:fs";

/** At most this much is read, however many lines are asked for. */
const BYTES_MAX = 4_000_000;

/** The last n lines; empty if the file does not exist. */
export function lastLines(path: string, n: number): string[] {
	let fd: number;
	try {
		fd = openSync(path, "r");
	} catch {
		return [];
	}
	try {
		const { size } = fstatSync(fd);
		const bytes = Buffer.alloc(Math.min(size, BYTES_MAX));
		readSync(fd, bytes, 0, bytes.length, size - bytes.length);
		const lines = bytes.toString("utf8").split("\n");
		if (lines.at(-1) === "") lines.pop();
		if (size > bytes.length) lines.shift();
		return n === 0 ? [] : lines.slice(-n);
	} finally {
		closeSync(fd);
	}
}
