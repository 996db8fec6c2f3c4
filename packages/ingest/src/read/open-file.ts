/** Opens a file by its format. */
import { stat } from "node:fs/promises";
import { extname } from "node:path";
import { InputError } from "../errors.ts";
import { type CsvOptions, openCsv } from "./csv.ts";
import { openNdjson } from "./ndjson.ts";
import { openParquet } from "./parquet.ts";
import type { SourceFile } from "./source-file.ts";

const FORMATS: Readonly<Record<string, SourceFile["format"]>> = {
	".csv": "csv",
	".tsv": "csv",
	".txt": "csv",
	".ndjson": "ndjson",
	".jsonl": "ndjson",
	".parquet": "parquet",
};

export interface OpenOptions extends CsvOptions {
	/** Default: by the file's extension. */
	format?: SourceFile["format"] | undefined;
}

/** Throws InputError. */
export async function openFile(
	path: string,
	options: OpenOptions = {},
): Promise<SourceFile> {
	const format = options.format ?? FORMATS[extname(path).toLowerCase()];
	if (format === undefined)
		throw new InputError(
			`${path}: its name does not say what it is (.csv .tsv .ndjson .jsonl .parquet). Pass --format csv, ndjson or parquet`,
		);
	const info = await stat(path).catch((error: unknown) => {
		throw new InputError(
			`${path} cannot be read: ${(error as Error).message}`,
			{
				cause: error,
			},
		);
	});
	if (!info.isFile()) throw new InputError(`${path} is not a file`);
	if (info.size === 0) throw new InputError(`${path} is empty`);
	if (format === "csv") return openCsv(path, options);
	return format === "ndjson" ? openNdjson(path) : openParquet(path);
}
