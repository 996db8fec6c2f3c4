/** Lower and upper bounds of a column in a data file, in Iceberg's binary form for one value. */
import type { Cell, ColumnType } from "../ports.ts";

/** Longer strings are cut: a bound must bound, it need not be a value. */
const STRING_BOUND_LENGTH = 16;

const FIRST_SURROGATE = 0xd800;
const AFTER_SURROGATES = 0xe000;
const LAST_CODE_POINT = 0x10ffff;

/** undefined: there is no such bound, the file may hold any value. */
export function encodeBound(
	type: ColumnType,
	value: Cell,
	side: "lower" | "upper",
): Buffer | undefined {
	if (value === null) return undefined;
	switch (type) {
		case "boolean":
			return Buffer.of(value === true ? 1 : 0);
		case "int":
			return bytes(4, (view) => view.writeInt32LE(Number(value)));
		case "long":
		case "timestamptz":
			return bytes(8, (view) => view.writeBigInt64LE(BigInt(value)));
		case "float":
		case "double":
			return encodeFloating(type, Number(value), side);
		case "string": {
			const text = side === "lower" ? cut(`${value}`) : cutUp(`${value}`);
			return text === undefined ? undefined : Buffer.from(text);
		}
	}
}

/** type: the column's of today. The file may have been written when the type was narrower. */
export function decodeBound(type: ColumnType, bound: Uint8Array): Cell {
	const view = Buffer.from(bound.buffer, bound.byteOffset, bound.byteLength);
	switch (type) {
		case "boolean":
			return view[0] === 1;
		case "int":
		case "long":
		case "timestamptz":
			return view.length < 8
				? view.readInt32LE()
				: narrow(view.readBigInt64LE());
		case "float":
		case "double":
			return view.length < 8 ? view.readFloatLE() : view.readDoubleLE();
		case "string":
			return view.toString();
	}
}

const narrow = (value: bigint): number | bigint =>
	Number.isSafeInteger(Number(value)) ? Number(value) : value;

function bytes(length: number, write: (view: Buffer) => void): Buffer {
	const view = Buffer.alloc(length);
	write(view);
	return view;
}

function encodeFloating(
	type: "float" | "double",
	value: number,
	side: "lower" | "upper",
): Buffer | undefined {
	if (Number.isNaN(value)) return undefined;
	// A file with both zeros must be found by either of them.
	const zero = side === "lower" ? -0 : 0;
	const bound = value === 0 ? zero : value;
	return type === "float"
		? bytes(4, (view) => view.writeFloatLE(bound))
		: bytes(8, (view) => view.writeDoubleLE(bound));
}

const cut = (text: string) => [...text].slice(0, STRING_BOUND_LENGTH).join("");

/** The cut text with its last character raised, so that it comes after the whole text. */
function cutUp(text: string): string | undefined {
	const characters = [...text];
	if (characters.length <= STRING_BOUND_LENGTH) return text;
	characters.length = STRING_BOUND_LENGTH;
	for (;;) {
		const last = characters.pop();
		if (last === undefined) return undefined;
		const next = (last.codePointAt(0) ?? LAST_CODE_POINT) + 1;
		if (next > LAST_CODE_POINT) continue;
		return (
			characters.join("") +
			String.fromCodePoint(next === FIRST_SURROGATE ? AFTER_SURROGATES : next)
		);
	}
}
