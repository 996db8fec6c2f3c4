/** Turns a cell of a file into a value of JSON. */
import { parseLossless } from "@fireworks/pipeline";
import type { ColumnKind } from "../read/source-file.ts";
import { MISSING, type TextType } from "./text-column.ts";

/** Why a cell cannot be read. */
export class CellRefused extends Error {
	readonly code: string;
	readonly field: string;

	constructor(code: string, field: string, message: string) {
		super(message);
		this.code = code;
		this.field = field;
	}
}

export type Convert = (cell: unknown) => unknown;

const POINT = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?$/;
const INTEGER = /^[+-]?\d+$/;

/** Makes the conversion of a column. null and the texts in `missing` become null. */
export function converter(
	name: string,
	kind: ColumnKind,
	type: TextType | undefined,
	missing: ReadonlySet<string>,
): Convert {
	const refused = (cell: unknown, what: string) =>
		new CellRefused(
			"bad-field",
			name,
			`${name}: ${JSON.stringify(String(cell)).slice(0, 100)} is not ${what}`,
		);
	const gone = (text: string) => MISSING.has(text) || missing.has(text);
	if (kind !== "text") return typedConverter(name, kind, missing);
	switch (type?.kind) {
		case "number": {
			const comma = type.decimal === ",";
			return (cell) => {
				const text = String(cell).trim();
				if (gone(text)) return null;
				const plain = comma ? text.replace(",", ".") : text;
				if (!POINT.test(plain) || (comma && text.includes(".")))
					throw refused(
						cell,
						comma ? "a number with a decimal comma" : "a number",
					);
				const number = Number(plain);
				return Number.isSafeInteger(number) || !INTEGER.test(plain)
					? number
					: BigInt(plain);
			};
		}
		case "int64":
			return (cell) => {
				const text = String(cell).trim();
				if (gone(text)) return null;
				if (!INTEGER.test(text)) throw refused(cell, "an integer");
				const number = Number(text);
				return Number.isSafeInteger(number) ? number : BigInt(text);
			};
		case "boolean":
			return (cell) => {
				const text = String(cell).trim().toLowerCase();
				if (gone(String(cell).trim())) return null;
				if (text !== "true" && text !== "false")
					throw refused(cell, "true or false");
				return text === "true";
			};
		default:
			return (cell) => (missing.has(cell as string) ? null : cell);
	}
}

function typedConverter(
	name: string,
	kind: Exclude<ColumnKind, "text">,
	missing: ReadonlySet<string>,
): Convert {
	const hidden = new Set([...missing].map(Number));
	const exact = (cell: unknown): unknown => {
		if (typeof cell !== "bigint") return cell;
		const number = Number(cell);
		return Number.isSafeInteger(number) ? number : cell;
	};
	switch (kind) {
		case "number":
		case "integer":
			return (cell) => {
				const value = exact(cell);
				if (typeof value === "number" && !Number.isFinite(value)) return null;
				return hidden.has(value as number) ? null : value;
			};
		case "json-text":
			return (cell) => {
				try {
					return parseLossless(cell as string);
				} catch {
					throw new CellRefused("bad-field", name, `${name}: it is not JSON`);
				}
			};
		case "instant":
		case "local":
			return (cell) => new Date(cell as number).toISOString();
		default:
			return (cell) => cell;
	}
}
