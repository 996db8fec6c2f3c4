/** What each column of a file holds, from its sample and the user's overrides. */

import { InputError } from "../errors.ts";
import type { ColumnKind, RowChunk, SourceFile } from "../read/source-file.ts";
import { type InferredText, inferText, type TextType } from "./text-column.ts";

export const TYPE_NAMES = ["text", "number", "integer", "boolean"] as const;
export type TypeName = (typeof TYPE_NAMES)[number];

export interface ColumnOptions {
	/** Types by column, instead of what the sample says. */
	readonly types?: ReadonlyMap<string, TypeName> | undefined;
	readonly decimal?: "." | "," | undefined;
	/** Texts that mean that there is no value: of a column, or of all (""). */
	readonly missing?: ReadonlyMap<string, ReadonlySet<string>> | undefined;
}

export interface Column {
	readonly name: string;
	readonly index: number;
	readonly kind: ColumnKind;
	/** For columns of text: what the texts are. */
	readonly text: TextType | undefined;
	readonly missing: ReadonlySet<string>;
	readonly example: unknown;
	/** Values of the sample that are there. */
	readonly present: number;
	/** What the user should see: values that will be refused, values that look like "missing". */
	readonly notes: readonly string[];
}

export function inferColumns(
	file: SourceFile,
	sample: RowChunk,
	options: ColumnOptions,
): Column[] {
	const names = new Set(file.columns.map((column) => column.name));
	for (const name of [
		...(options.types?.keys() ?? []),
		...(options.missing?.keys() ?? []),
	])
		if (name !== "" && !names.has(name))
			throw new InputError(
				`${file.path} has no column ${name}: it has ${[...names].join(", ")}`,
			);
	return file.columns.map(({ name, kind }, index) => {
		const values = (sample.values[index] ?? []) as readonly unknown[];
		const missing = new Set([
			...(options.missing?.get("") ?? []),
			...(options.missing?.get(name) ?? []),
		]);
		const given = options.types?.get(name);
		const hints = { decimal: options.decimal, missing };
		const found =
			kind === "text" && file.format !== "parquet"
				? inferText(values, hints)
				: undefined;
		const text =
			kind !== "text"
				? undefined
				: given === undefined
					? // A text of NDJSON is a text, but it can be a time.
						file.format === "ndjson" && found?.type.kind !== "time"
						? ({ kind: "text" } as const)
						: (found?.type ?? { kind: "text" as const })
					: typeOf(given, found, options.decimal);
		const present =
			found?.present ?? values.filter((value) => value !== null).length;
		return {
			name,
			index,
			kind,
			text,
			missing,
			example: values.find((value) => value !== null && value !== undefined),
			present,
			notes: notesOf(found, text, sample.count),
		};
	});
}

function typeOf(
	given: TypeName,
	found: InferredText | undefined,
	decimal: "." | "," | undefined,
): TextType {
	if (given === "integer") return { kind: "int64" };
	if (given !== "number") return { kind: given };
	return found?.type.kind === "number"
		? found.type
		: { kind: "number", decimal: decimal ?? "." };
}

function notesOf(
	found: InferredText | undefined,
	text: TextType | undefined,
	rows: number,
): string[] {
	const notes: string[] = [];
	if (found === undefined || text?.kind === "text") return notes;
	if (found.present < rows) notes.push(`${rows - found.present} missing`);
	if (found.unfit > 0)
		notes.push(
			`${found.unfit} of ${found.present} do not fit and will be refused`,
		);
	if (found.suspicious !== undefined)
		notes.push(
			`${found.suspicious} looks like "missing": if it is, pass --missing ${found.suspicious}`,
		);
	return notes;
}

/** The type as a person reads it. */
export function typeName({ kind, text }: Column): string {
	if (text === undefined)
		return kind === "json" || kind === "json-text"
			? "nested"
			: kind === "local"
				? "time without a zone"
				: kind === "instant"
					? "time"
					: kind;
	switch (text.kind) {
		case "number":
			return text.decimal === "," ? "number, decimal comma" : "number";
		case "int64":
			return "integer of 64 bits";
		case "clock":
			return "time of day";
		case "time":
			return text.format.kind === "iso"
				? "time, ISO 8601"
				: `date, ${text.format.order ?? "order unknown"}`;
		default:
			return text.kind;
	}
}
