/** What a comparison of a table with its topic can find. */

export const ROW_FINDING_KINDS = {
	"missing-row": "the topic has the record, and the table has no row of it",
	"doubled-row": "the table has more than one row of a record",
	"changed-row": "the row and its record differ",
	"unknown-row": "the topic has no such committed record",
	"row-beyond-position": "the row is not below the table's own position",
} as const;

type RowFindingKind = keyof typeof ROW_FINDING_KINDS;

export interface RowFinding {
	readonly kind: RowFindingKind;
	readonly table: string;
	readonly partition: number;
	/** Of the record in the topic. */
	readonly offset: number;
	/** The column, if only one differs. */
	readonly column?: string;
	readonly expected: string;
	readonly found: string;
}

/** What was seen of a table, so that "clean" is not mistaken for "empty". */
export interface TableCounts {
	/** Rows below the audited end. */
	rows: number;
	/** Rows that were compared with their records. The others are older than the topic. */
	compared: number;
	/** Records that the lake refused, and keeps in its table of refused records. */
	refused: number;
}

/** All findings are counted, and the first ones are kept. */
export class RowFindings {
	readonly kept: RowFinding[] = [];
	readonly counts = new Map<string, TableCounts>();
	total = 0;
	readonly #keptMax: number;

	constructor(keptMax: number) {
		this.#keptMax = keptMax;
	}

	add(finding: RowFinding): void {
		this.total++;
		if (this.kept.length < this.#keptMax) this.kept.push(finding);
	}

	of(table: string): TableCounts {
		const known = this.counts.get(table);
		if (known) return known;
		const counts = { rows: 0, compared: 0, refused: 0 };
		this.counts.set(table, counts);
		return counts;
	}
}
