/**
 * Compares the rows of one partition of a table with the topic's records, and passes on what the
 * table holds, in the form in which the audit reads records.
 *
 * Both sides come in the order of their offsets. The topic may begin later, as retention removes
 * its oldest records: older rows are passed on without a comparison. A record without a row is in
 * order only if the lake has refused it, and keeps it in its table of refused records.
 */
import type { LogRecord } from "@fireworks/audit";
import type { RowFinding, RowFindings } from "./findings.ts";
import { differences, recordOf, type TableRow } from "./table-row.ts";

export interface ComparedPartition {
	readonly table: string;
	readonly partition: number;
	/** The columns that hold the record's fields. */
	readonly fields: readonly string[];
	/** The first offset that the topic still holds. */
	readonly topicLow: number;
	/** The refused records by their offsets. */
	readonly refused: ReadonlyMap<number, LogRecord>;
}

export async function* comparedRecords(
	rows: AsyncIterable<readonly TableRow[]>,
	kafka: AsyncIterable<readonly LogRecord[]>,
	of: ComparedPartition,
	findings: RowFindings,
): AsyncGenerator<readonly LogRecord[]> {
	const comparison = new Comparison(of, findings);
	const records = oneByOne(kafka);
	try {
		let next = await records.next();
		for await (const batch of rows) {
			const passed: LogRecord[] = [];
			for (const row of batch) {
				while (!next.done && next.value.offset < row.offset) {
					passed.push(...comparison.withoutRow(next.value));
					next = await records.next();
				}
				const record =
					!next.done && next.value.offset === row.offset
						? next.value
						: undefined;
				passed.push(...comparison.row(row, record));
				if (record !== undefined) next = await records.next();
			}
			if (passed.length > 0) yield passed;
		}
		while (!next.done) {
			const passed = comparison.withoutRow(next.value);
			if (passed.length > 0) yield passed;
			next = await records.next();
		}
		const rest = comparison.refusedBefore(Number.POSITIVE_INFINITY);
		if (rest.length > 0) yield rest;
	} finally {
		await records.return(undefined);
	}
}

async function* oneByOne<T>(
	batches: AsyncIterable<readonly T[]>,
): AsyncGenerator<T, undefined> {
	for await (const batch of batches) yield* batch;
}

class Comparison {
	readonly #of: ComparedPartition;
	readonly #findings: RowFindings;
	/** Refused records that the topic no longer holds, in order. */
	readonly #oldRefused: LogRecord[];
	#lastOffset = -1;

	constructor(of: ComparedPartition, findings: RowFindings) {
		this.#of = of;
		this.#findings = findings;
		this.#oldRefused = [...of.refused.values()]
			.filter(({ offset }) => offset < of.topicLow)
			.toSorted((a, b) => a.offset - b.offset);
	}

	/** A row, and the topic's record with its offset, if there is one. */
	row(row: TableRow, record: LogRecord | undefined): LogRecord[] {
		const { table, partition, fields, topicLow } = this.#of;
		const counts = this.#findings.of(table);
		const before = this.refusedBefore(row.offset);
		counts.rows++;
		const made = recordOf(row, partition, fields);
		if (row.offset === this.#lastOffset) {
			this.#found("doubled-row", row.offset, "one row", "a further one");
			return [...before, made];
		}
		this.#lastOffset = row.offset;
		if (record === undefined) {
			if (row.offset >= topicLow)
				this.#found("unknown-row", row.offset, "no row", shown(made.value));
			return [...before, made];
		}
		counts.compared++;
		const differing = differences(row, record, fields);
		for (const { column, expected, found } of differing)
			this.#findings.add({
				kind: "changed-row",
				table,
				partition,
				offset: row.offset,
				column,
				expected: String(expected ?? null),
				found: String(found),
			});
		// Equal in every field. The topic's bytes are what dead letters are compared with.
		return [...before, differing.length === 0 ? record : made];
	}

	/** A record of the topic without a row. */
	withoutRow(record: LogRecord): LogRecord[] {
		const { table, refused } = this.#of;
		if (refused.has(record.offset)) {
			this.#findings.of(table).refused++;
			return [record];
		}
		this.#found("missing-row", record.offset, shown(record.value), "no row");
		return [];
	}

	/** The refused records below an offset that the topic no longer holds, each once. */
	refusedBefore(offset: number): LogRecord[] {
		const end = this.#oldRefused.findIndex((one) => one.offset >= offset);
		const passed = this.#oldRefused.splice(
			0,
			end < 0 ? this.#oldRefused.length : end,
		);
		this.#findings.of(this.#of.table).refused += passed.length;
		return passed;
	}

	#found(
		kind: RowFinding["kind"],
		offset: number,
		expected: string,
		found: string,
	): void {
		const { table, partition } = this.#of;
		this.#findings.add({ kind, table, partition, offset, expected, found });
	}
}

const SHOWN_MAX = 200;

const shown = (value: Buffer | null): string =>
	value === null ? "null" : value.subarray(0, SHOWN_MAX).toString("utf8");
