/** NDJSON: one JSON object a line. Integers beyond 2^53 keep their digits. */
import { isUtf8 } from "node:buffer";
import { createReadStream } from "node:fs";
import { parseLossless } from "@fireworks/pipeline";
import { firstRows } from "./duckdb.ts";
import {
	type BrokenRow,
	type ColumnKind,
	type RowChunk,
	SAMPLE_ROWS,
	type SourceColumn,
	type SourceFile,
} from "./source-file.ts";

const LINES_A_CHUNK = 2_000;
/** A longer line is not a record that Kafka would take. */
const LINE_BYTES_MAX = 1_048_576;

export async function openNdjson(path: string): Promise<SourceFile> {
	const columns = await columnsOf(path);
	const lines: number[] = [];
	let firstKept = 0;
	return {
		path,
		format: "ndjson",
		columns,
		dialect: "NDJSON, one object a line",
		sample: () =>
			firstRows(
				rowsOf(path, columns, 0, () => {}),
				columns.length,
				SAMPLE_ROWS,
			),
		rows: (skip) => {
			firstKept = skip;
			lines.length = 0;
			return rowsOf(path, columns, skip, (chunk, first) => {
				firstKept = first;
				lines.splice(0, lines.length, ...chunk);
			});
		},
		leftOut: async () => [],
		lineOf: async (row) => lines[row - firstKept],
		close: async () => {},
	};
}

/** The names that occur in the sample, in the order of their first occurrence. */
async function columnsOf(path: string): Promise<SourceColumn[]> {
	const kinds = new Map<string, ColumnKind>();
	let rows = 0;
	for await (const { bytes } of linesOf(path)) {
		const row = parsed(bytes);
		if (row instanceof Error) continue;
		for (const [name, value] of Object.entries(row)) {
			if (value === null) continue;
			const kind = kindOf(value);
			const known = kinds.get(name);
			kinds.set(
				name,
				known === undefined || known === kind
					? kind
					: isNumeric(known) && isNumeric(kind)
						? "number"
						: "json",
			);
		}
		if (++rows >= SAMPLE_ROWS) break;
	}
	return [...kinds].map(([name, kind]) => ({ name, kind }));
}

const isNumeric = (kind: ColumnKind) => kind === "number" || kind === "integer";

const kindOf = (value: unknown): ColumnKind => {
	if (typeof value === "string") return "text";
	if (typeof value === "boolean") return "boolean";
	if (typeof value === "bigint" || Number.isSafeInteger(value))
		return "integer";
	return typeof value === "number" ? "number" : "json";
};

async function* rowsOf(
	path: string,
	columns: readonly SourceColumn[],
	skip: number,
	onChunk: (lines: readonly number[], firstRow: number) => void,
): AsyncGenerator<RowChunk> {
	let row = 0;
	let lines: number[] = [];
	let values: unknown[][] = columns.map(() => []);
	let broken = new Map<number, BrokenRow>();
	const chunk = (): RowChunk => {
		onChunk(lines, row - lines.length);
		const made = { count: lines.length, values, broken };
		lines = [];
		values = columns.map(() => []);
		broken = new Map();
		return made;
	};
	for await (const { line, bytes } of linesOf(path)) {
		if (row++ < skip) continue;
		const record = parsed(bytes);
		if (record instanceof Error)
			broken.set(lines.length, {
				line,
				message: record.message,
				text: bytes.toString("utf8"),
			});
		for (const [i, { name }] of columns.entries())
			values[i]?.push(record instanceof Error ? null : (record[name] ?? null));
		lines.push(line);
		if (lines.length >= LINES_A_CHUNK) yield chunk();
	}
	if (lines.length > 0) yield chunk();
}

function parsed(bytes: Buffer): Record<string, unknown> | Error {
	if (bytes.length > LINE_BYTES_MAX)
		return new Error(`the line has more than ${LINE_BYTES_MAX} bytes`);
	if (!isUtf8(bytes)) return new Error("the line is not UTF-8");
	try {
		const value = parseLossless(bytes.toString("utf8"));
		return typeof value === "object" && value !== null && !Array.isArray(value)
			? (value as Record<string, unknown>)
			: new Error("the line is not a JSON object");
	} catch (error) {
		return new Error(`the line is not JSON: ${(error as Error).message}`);
	}
}

const BYTE_ORDER_MARK = Buffer.from([0xef, 0xbb, 0xbf]);

/** Lines that are not empty, without their ends and the byte order mark. */
async function* linesOf(
	path: string,
): AsyncGenerator<{ line: number; bytes: Buffer }> {
	let rest: Buffer = Buffer.alloc(0);
	let line = 0;
	const cleaned = (bytes: Buffer): Buffer => {
		line++;
		const begin =
			line === 1 && bytes.subarray(0, 3).equals(BYTE_ORDER_MARK) ? 3 : 0;
		const end = bytes.at(-1) === 0x0d ? bytes.length - 1 : bytes.length;
		return bytes.subarray(begin, end);
	};
	for await (const bytes of createReadStream(path) as AsyncIterable<Buffer>) {
		const all = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
		let from = 0;
		for (;;) {
			const at = all.indexOf(0x0a, from);
			if (at < 0) break;
			const one = cleaned(all.subarray(from, at));
			if (one.length > 0) yield { line, bytes: one };
			from = at + 1;
		}
		rest = all.subarray(from);
		// The rest of a line that is too long is not kept: only that it is too long counts.
		if (rest.length > 2 * LINE_BYTES_MAX)
			rest = Buffer.from(rest.subarray(0, LINE_BYTES_MAX + 1));
	}
	if (rest.length > 0) {
		const one = cleaned(rest);
		if (one.length > 0) yield { line, bytes: one };
	}
}
