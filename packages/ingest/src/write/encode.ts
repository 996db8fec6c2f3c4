/** Makes records and dead letters of rows. */

import { basename } from "node:path";
import {
	deadLetterOfInput,
	type EpochUnit,
	RECORD_TIMESTAMP,
	type RecordDecoder,
	recordDecoder,
	stringifyLossless,
	TimeRefused,
	type ToOutgoing,
	toOutgoing,
	validatorOf,
} from "@fireworks/pipeline";
import type { OutgoingRecord } from "@fireworks/streams";
import { CellRefused, type Convert, converter } from "../infer/convert.ts";
import type { Plan } from "../infer/plan.ts";
import type { RowChunk } from "../read/source-file.ts";
import { isoTexts } from "./iso-text.ts";

export interface RowRefusal {
	readonly code: string;
	readonly message: string;
}

/** A record for the stream, or the reason why the row is refused. */
export type EncodedRow =
	| { readonly record: OutgoingRecord; readonly time: number }
	| { readonly refusal: RowRefusal };

const FROM_MS: Readonly<Record<EpochUnit, (ms: number) => number | bigint>> = {
	s: (ms) => ms / 1_000,
	ms: (ms) => ms,
	us: (ms) => exact(BigInt(ms) * 1_000n),
	ns: (ms) => exact(BigInt(ms) * 1_000_000n),
};
const exact = (n: bigint): number | bigint =>
	Number.isSafeInteger(Number(n)) ? Number(n) : n;

/** A keyless stream's records go to the next partition after this many rows. */
const ROWS_A_PARTITION = 500;

export class RowEncoder {
	readonly #plan: Plan;
	readonly #toOutgoing: ToOutgoing;
	readonly #decoder: RecordDecoder;
	readonly #fields: readonly {
		name: string;
		index: number;
		omitNull: boolean;
		convert: Convert;
	}[];
	readonly #timeIndexes: readonly number[];
	readonly #writeTime:
		| ((ms: number, value: Record<string, unknown>) => void)
		| undefined;
	/** Added to every event time. */
	shiftMs = 0;

	constructor(plan: Plan, partitions: number) {
		this.#plan = plan;
		this.#toOutgoing = toOutgoing(partitions);
		const { description } = plan;
		// The columns of a new stream made its schema, so their values fit it.
		this.#decoder = recordDecoder(
			description,
			plan.known ? { validate: validatorOf(description.schema) } : {},
		);
		this.#fields = plan.fields.map(({ column, omitNull }) => ({
			name: column.name,
			index: column.index,
			omitNull,
			convert: converter(column.name, column.kind, column.text, column.missing),
		}));
		this.#timeIndexes = plan.time.columns.map((column) => column.index);
		this.#writeTime = timeWriter(plan);
	}

	/** The event time of a row, without the shift; undefined: it cannot be read. */
	timeOf(chunk: RowChunk, at: number): number | undefined {
		try {
			return this.#time(chunk, at);
		} catch {
			return undefined;
		}
	}

	#time({ values }: RowChunk, at: number): number {
		const cells = this.#timeIndexes.map((i) => values[i]?.[at]);
		return this.#plan.time.read(cells);
	}

	/** row: the row's number in the file, which chooses the partition of a keyless record. */
	encode(chunk: RowChunk, at: number, row: number): EncodedRow {
		const broken = chunk.broken?.get(at);
		if (broken !== undefined)
			return { refusal: { code: "bad-row", message: broken.message } };
		const value: Record<string, unknown> = {};
		let ms: number;
		try {
			ms = this.#time(chunk, at) + this.shiftMs;
			for (const { name, index, omitNull, convert } of this.#fields) {
				const cell = chunk.values[index]?.[at];
				const made = cell === null || cell === undefined ? null : convert(cell);
				if (made !== null || !omitNull) value[name] = made;
			}
		} catch (error) {
			if (error instanceof CellRefused || error instanceof TimeRefused)
				return { refusal: { code: error.code, message: error.message } };
			throw error;
		}
		this.#writeTime?.(ms, value);
		const { record, refusal } = this.#decoder.json(value, ms, ms);
		if (refusal !== undefined) return { refusal };
		return {
			time: ms,
			record: this.#toOutgoing(
				record,
				jsonOf(value),
				Math.floor(row / ROWS_A_PARTITION),
			),
		};
	}
}

function jsonOf(value: Record<string, unknown>): string {
	for (const name in value) {
		const one = value[name];
		if (typeof one === "bigint" || (typeof one === "object" && one !== null))
			return stringifyLossless(value);
	}
	return JSON.stringify(value);
}

function timeWriter({ description: { time } }: Plan) {
	if (time === RECORD_TIMESTAMP) return undefined;
	const { path } = time;
	if (!("unit" in time)) {
		const iso = isoTexts();
		return (ms: number, value: Record<string, unknown>) => {
			value[path] = iso(ms);
		};
	}
	const from = FROM_MS[time.unit];
	return (ms: number, value: Record<string, unknown>) => {
		value[path] = from(ms);
	};
}

export interface BadRow {
	readonly stream: string;
	readonly path: string;
	/** Counts from 0, without the row of names. */
	readonly row: number;
	readonly line: number | undefined;
	readonly refusal: RowRefusal;
	/** What was read. */
	readonly text: string;
	readonly partition: number;
}

/** The dead letter of a row: its text, and where and why. */
export const deadLetterOf = (bad: BadRow, timestamp: number): OutgoingRecord =>
	deadLetterOfInput(
		{
			code: bad.refusal.code,
			message: bad.refusal.message,
			source: `file:${basename(bad.path)}`,
			stream: bad.stream,
			value: bad.text,
			partition: bad.partition,
			headers: {
				"source-file": bad.path,
				...(bad.line === undefined
					? { "source-row": String(bad.row + 1) }
					: { "source-line": String(bad.line) }),
			},
		},
		timestamp,
	);
