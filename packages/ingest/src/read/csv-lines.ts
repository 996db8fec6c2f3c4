/**
 * Finds the line in which each row of a CSV file begins. DuckDB reads rows without their lines, and
 * a refused row must be found again in an editor. It runs only when a row is refused.
 *
 * A row counts only if it has as many cells as the file has columns: DuckDB leaves out the others.
 */
import { createReadStream } from "node:fs";

const [QUOTE, LF, CR] = [0x22, 0x0a, 0x0d];

/** Yields the line of every row, without the header's. */
export async function* csvLines(
	path: string,
	delimiter: string,
	columns: number,
	header: boolean,
): AsyncGenerator<number> {
	const comma = delimiter.charCodeAt(0);
	let line = 1;
	let begins = 1;
	let cells = 1;
	let quoted = false;
	let empty = true;
	let skip = header;
	for await (const bytes of createReadStream(path) as AsyncIterable<Buffer>) {
		for (const byte of bytes) {
			if (byte === QUOTE) quoted = !quoted;
			if (byte === LF) {
				line++;
				if (quoted) continue;
				if (!empty && cells === columns) {
					if (skip) skip = false;
					else yield begins;
				}
				begins = line;
				cells = 1;
				empty = true;
			} else if (byte !== CR) {
				empty = false;
				if (byte === comma && !quoted) cells++;
			}
		}
	}
	if (!empty && cells === columns && !skip) yield begins;
}

/**
 * The lines of some bytes of a file, in ascending order; the first byte is 1. DuckDB counts bytes
 * rightly, but its own line numbers leave out line ends inside quotes.
 */
export async function linesAt(
	path: string,
	bytes: readonly number[],
): Promise<number[]> {
	const lines: number[] = [];
	let line = 1;
	let read = 0;
	for await (const block of createReadStream(path) as AsyncIterable<Buffer>) {
		let from = 0;
		while (lines.length < bytes.length) {
			const next = (bytes[lines.length] as number) - 1 - read;
			const end = block.indexOf(LF, from);
			if (next < block.length && (end < 0 || next <= end)) {
				lines.push(line);
				continue;
			}
			if (end < 0) break;
			line++;
			from = end + 1;
		}
		if (lines.length === bytes.length) break;
		read += block.length;
	}
	return lines;
}
