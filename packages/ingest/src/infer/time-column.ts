/** Finds the column or the two columns of the event time, and how to read them. */
import {
	EPOCH_UNITS,
	type EpochUnit,
	isZone,
	localTimes,
	RECORD_TIMESTAMP,
	TimeRefused,
	timeReader,
} from "@fireworks/pipeline";
import { InputError } from "../errors.ts";
import type { Column } from "./columns.ts";
import {
	type DateOrder,
	type TextTime,
	textTimeReader,
	type ZoneRule,
} from "./text-time.ts";

export interface TimeOptions {
	/** A column; two joined by +; or @timestamp. Default: found out. */
	readonly time?: string | undefined;
	/** Of numbers. Default: by their size. */
	readonly unit?: EpochUnit | undefined;
	readonly dateOrder?: DateOrder | undefined;
	/** Zone of times without an offset. Default: UTC, which is said. */
	readonly zone?: string | undefined;
	readonly fold?: ZoneRule["fold"];
	readonly gap?: ZoneRule["gap"];
}

export interface TimeColumn {
	/** Empty: the time at which the row is written. */
	readonly columns: readonly Column[];
	/** Of an epoch in the file. */
	readonly unit: EpochUnit | undefined;
	/** The event time of a row's cells, in the order of `columns`. Throws TimeRefused. */
	read(cells: readonly unknown[]): number;
	/** How it is read, for people. */
	readonly about: string;
}

const NAME = /^(?:t|ts|at|time|date|datetime|timestamp|epoch|event_?time)$/i;

export function timeColumn(
	columns: readonly Column[],
	options: TimeOptions,
): TimeColumn {
	const { zone = "UTC", fold, gap } = options;
	if (!isZone(zone))
		throw new InputError(
			`--zone ${zone} is not a time zone: use a name such as Europe/Berlin`,
		);
	const chosen = chooseColumns(columns, options);
	const [column, clock] = chosen;
	if (column === undefined)
		return {
			columns: [],
			unit: undefined,
			read: () => Date.now(),
			about: "the time at which a row is written",
		};
	const toInstant = localTimes({
		zone,
		...(fold === undefined ? {} : { fold }),
		...(gap === undefined ? {} : { gap }),
	});
	const readAs = `read as ${zone}${options.zone === undefined ? " (--zone NAME for another)" : ""}`;
	const name = chosen.map((one) => one.name).join(" + ");
	const one = (
		about: string,
		read: (cell: unknown) => number,
		unit?: EpochUnit,
	) => ({
		columns: chosen,
		unit,
		read: (cells: readonly unknown[]) => read(present(cells[0], name)),
		about: `${name}: ${about}`,
	});
	if (column.kind === "local")
		return one(`date and time without an offset, ${readAs}`, (cell) =>
			toInstant(cell as number),
		);
	if (column.kind === "instant")
		return one("an instant", (cell) => cell as number);
	if (column.text?.kind === "time" || clock !== undefined) {
		const format = formatOf(column, options);
		const read = textTimeReader(format, toInstant, { zone, fold, gap });
		const about = `${format.kind === "iso" ? "ISO 8601" : `in the order ${format.order}`}; what has no offset is ${readAs}`;
		if (clock === undefined) return one(about, (cell) => read(String(cell)));
		return {
			columns: chosen,
			unit: undefined,
			read: ([date, time]) =>
				read(
					`${present(date, column.name)} ${String(present(time, clock.name)).replaceAll(".", ":")}`,
				),
			about: `${name}: ${about}`,
		};
	}
	const unit = options.unit ?? unitOf(column);
	const read = timeReader({ path: name, unit });
	return one(
		`${unit} since 1970`,
		(cell) => read(typeof cell === "string" ? numberOf(cell) : cell),
		unit,
	);
}

function present(cell: unknown, name: string): unknown {
	if (cell === null || cell === undefined || cell === "")
		throw new TimeRefused("bad-time", `there is no time at ${name}`);
	return cell;
}

function numberOf(text: string): number | bigint {
	const number = Number(text.trim());
	return Number.isSafeInteger(number) || !/^-?\d+$/.test(text.trim())
		? number
		: BigInt(text.trim());
}

function chooseColumns(
	columns: readonly Column[],
	{ time }: TimeOptions,
): readonly Column[] {
	if (time === RECORD_TIMESTAMP) return [];
	const named = (name: string): Column => {
		const column = columns.find((one) => one.name === name);
		if (column !== undefined) return column;
		throw new InputError(
			`--time: there is no column ${name}: there are ${columns.map((c) => c.name).join(", ")}`,
		);
	};
	if (time !== undefined)
		return columns.some((one) => one.name === time)
			? [named(time)]
			: time.split("+").map((name) => named(name.trim()));
	const times = columns.filter(
		({ kind, text }) =>
			kind === "local" || kind === "instant" || text?.kind === "time",
	);
	const clocks = columns.filter(({ text }) => text?.kind === "clock");
	const [first, second] = times;
	if (first !== undefined && second === undefined)
		return clocks.length === 1 && !String(first.example).includes(":")
			? [first, clocks[0] as Column]
			: [first];
	const epochs = columns.filter(
		(one) => NAME.test(one.name) && unitBySize(one.example) !== undefined,
	);
	if (times.length === 0 && epochs.length === 1) return epochs;
	throw new InputError(
		times.length > 1
			? `several columns are times: ${times.map((c) => c.name).join(", ")}. Pass --time COLUMN`
			: "no column looks like a time. Pass --time COLUMN, --time DATE+CLOCK for two columns, or --time @timestamp for the time of writing",
	);
}

function formatOf(column: Column, { dateOrder }: TimeOptions): TextTime {
	const { text, name } = column;
	const format: TextTime =
		text?.kind === "time" ? text.format : { kind: "iso" };
	if (format.kind === "iso") return format;
	const order = dateOrder ?? format.order;
	if (order === undefined)
		throw new InputError(
			`${name}: ${JSON.stringify(column.example)} can be day first or month first, and no value says which. Pass --date-order dmy or mdy`,
		);
	return { kind: "ordered", order };
}

/** The least number of digits before the point that a time of this century has, by unit. */
const DIGITS: Readonly<Record<EpochUnit, number>> = {
	s: 9,
	ms: 12,
	us: 15,
	ns: 18,
};

/** The unit in which the number is a time between 1973 and 2286; undefined: none. */
function unitBySize(value: unknown): EpochUnit | undefined {
	const match = /^-?(\d+)(?:\.\d+)?$/.exec(String(value ?? "").trim());
	const digits = match?.[1]?.length ?? 0;
	return EPOCH_UNITS.find(
		(unit) => digits === DIGITS[unit] || digits === DIGITS[unit] + 1,
	);
}

function unitOf({ name, example }: Column): EpochUnit {
	const unit = unitBySize(example);
	if (unit !== undefined) return unit;
	throw new InputError(
		`${name}: ${JSON.stringify(String(example))} is not a time that can be recognized. Pass --unit s, ms, us or ns, or --time with another column`,
	);
}
