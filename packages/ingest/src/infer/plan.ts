/** How the rows of a file become records of a stream. */
import {
	type CatalogEntry,
	fieldAt,
	type JsonSchema,
	problemsOf,
	RECORD_TIMESTAMP,
	type StreamDescription,
} from "@fireworks/pipeline";
import { InputError } from "../errors.ts";
import { type Column, typeName } from "./columns.ts";
import type { TimeColumn } from "./time-column.ts";

export interface PlanOptions {
	readonly stream: string;
	readonly key?: string | undefined;
	/** The numbers to draw. Default: every column of numbers. */
	readonly measures?: readonly string[] | undefined;
}

/** A column that goes into the record as a field of the same name. */
interface PlannedField {
	readonly column: Column;
	/** A missing value is left out instead of being null. */
	readonly omitNull: boolean;
}

export interface Plan {
	readonly description: StreamDescription;
	/** Whether the catalog has the stream already, so that its schema decides. */
	readonly known: boolean;
	readonly fields: readonly PlannedField[];
	readonly time: TimeColumn;
	/** Columns that the stream has no field for. */
	readonly leftOut: readonly string[];
}

/** A stream without a definition is kept as long as a definition's default. */
const RETENTION_MS = 7 * 86_400_000;

const isNumber = ({ kind, text }: Column): boolean =>
	text?.kind === "number" || kind === "number" || kind === "integer";

/** The plan for a stream that the catalog does not have: the file decides. */
export function planNew(
	columns: readonly Column[],
	time: TimeColumn,
	{ stream, key, measures }: PlanOptions,
): Plan {
	const timePath = pathOfTime(columns, time);
	const fields = columns.filter((column) => !time.columns.includes(column));
	for (const name of [...(key === undefined ? [] : [key]), ...(measures ?? [])])
		if (!columns.some((column) => column.name === name))
			throw new InputError(
				`there is no column ${name}: there are ${columns.map((c) => c.name).join(", ")}`,
			);
	const properties: Record<string, JsonSchema> = Object.fromEntries(
		fields.map((column) => [
			column.name,
			schemaOf(column, column.name === key),
		]),
	);
	if (timePath !== undefined)
		properties[timePath] =
			time.unit === undefined
				? { type: "string", format: "date-time" }
				: time.unit === "us" || time.unit === "ns"
					? { type: "integer", format: "int64" }
					: { type: "number" };
	const description: StreamDescription = {
		name: stream,
		schema: {
			type: "object",
			properties,
			required: [
				...(timePath === undefined ? [] : [timePath]),
				...(key === undefined ? [] : [key]),
			],
		},
		key: key ?? null,
		time:
			timePath === undefined
				? RECORD_TIMESTAMP
				: time.unit === undefined
					? { path: timePath }
					: { path: timePath, unit: time.unit },
		measures: Object.fromEntries(
			(
				measures ??
				fields.filter((c) => isNumber(c) && c.name !== key).map((c) => c.name)
			).map((name) => [name, {}]),
		),
		retention: {
			ms: RETENTION_MS,
			by: timePath === undefined ? "event" : "append",
		},
		table: true,
	};
	const problems = problemsOf(description);
	if (problems.length > 0)
		throw new InputError(
			problems.map(({ at, problem }) => `${at}: ${problem}`).join("\n"),
		);
	return {
		description,
		known: false,
		fields: fields.map((column) => ({ column, omitNull: false })),
		time,
		leftOut: [],
	};
}

/** The plan for a stream of the catalog: its schema decides, the file must fit. */
export function planKnown(
	columns: readonly Column[],
	time: TimeColumn,
	entry: CatalogEntry,
	{ stream, key }: PlanOptions,
): Plan {
	const { version: _version, ...description } = entry;
	if (key !== undefined && key !== description.key)
		throw new InputError(
			`the stream ${stream} has ${description.key === null ? "no key" : `the key ${description.key}`}: leave --key out, or write to another stream`,
		);
	const timePath =
		description.time === RECORD_TIMESTAMP ? undefined : description.time.path;
	const fields: PlannedField[] = [];
	const leftOut: string[] = [];
	for (const column of columns) {
		if (column.name === timePath || time.columns.includes(column)) continue;
		const field = fieldAt(entry.schema, column.name);
		if (field === undefined) leftOut.push(column.name);
		else fields.push({ column, omitNull: field.optional && !field.nullable });
	}
	const names = new Set([...fields.map(({ column }) => column.name), timePath]);
	const absent = (entry.schema.required ?? []).filter(
		(name) => !names.has(name),
	);
	if (absent.length > 0)
		throw new InputError(
			`the stream ${stream} needs ${absent.join(", ")}, and the file has no such column: it has ${columns.map((c) => c.name).join(", ")}`,
		);
	return { description, known: true, fields, time, leftOut };
}

/** The field of the time: its column's name, or `at` where two columns make it. */
function pathOfTime(
	columns: readonly Column[],
	time: TimeColumn,
): string | undefined {
	const [only, second] = time.columns;
	if (only === undefined) return undefined;
	if (second === undefined) return fieldName(only.name);
	const taken = new Set(columns.map((column) => column.name));
	return (
		["at", "time", "timestamp"].find((name) => !taken.has(name)) ?? "event_time"
	);
}

/** Paths are split at dots, so a name with one cannot be the time. */
function fieldName(name: string): string {
	if (!name.includes(".")) return name;
	throw new InputError(
		`the column ${name} has a dot in its name, which separates the parts of a path: rename it`,
	);
}

function schemaOf(column: Column, isKey: boolean): JsonSchema {
	const { kind, text } = column;
	const type =
		text?.kind === "number" || kind === "number"
			? "number"
			: text?.kind === "int64" || kind === "integer"
				? "integer"
				: (text?.kind ?? kind) === "boolean"
					? "boolean"
					: kind === "json" || kind === "json-text"
						? undefined
						: "string";
	if (type === undefined) return {};
	const format = type === "integer" ? { format: "int64" } : {};
	return isKey
		? { type: keyType(column, type), ...format }
		: { type: [type, "null"], ...format };
}

/** A number can be a key if it is an integer, which the decoder checks for each record. */
const keyType = ({ example }: Column, type: string): string =>
	type === "number" && /^[+-]?\d+$/.test(String(example)) ? "integer" : type;

/** The plan as a table for the terminal. */
export function planText(columns: readonly Column[], plan: Plan): string {
	const { description, time, leftOut } = plan;
	const rows = columns.map((column) => [
		column.name,
		time.columns.includes(column) ? "the time" : typeName(column),
		shown(column.example),
		[
			...(column.name === description.key ? ["the key"] : []),
			...(leftOut.includes(column.name)
				? ["left out: the stream has no such field"]
				: []),
			...column.notes,
		].join("; "),
	]);
	const table = [["column", "type", "example", ""], ...rows];
	const widths = [0, 1, 2].map((i) =>
		Math.max(...table.map((row) => (row[i] as string).length)),
	);
	const lines = table.map((row) =>
		`  ${row.map((cell, i) => cell.padEnd(widths[i] ?? 0)).join("  ")}`.trimEnd(),
	);
	const key =
		description.key ?? "none, so records go to all partitions (--key COLUMN)";
	return [
		...lines,
		`stream    ${description.name}, ${plan.known ? "as in the catalog" : "new"}`,
		`key       ${key}`,
		`time      ${time.about}`,
		`measures  ${Object.keys(description.measures).join(", ") || "none"}`,
	].join("\n");
}

const SHOWN_MAX = 30;
function shown(value: unknown): string {
	const text =
		typeof value === "object"
			? (JSON.stringify(value) ?? "")
			: String(value ?? "");
	return text.length > SHOWN_MAX ? `${text.slice(0, SHOWN_MAX - 1)}…` : text;
}
