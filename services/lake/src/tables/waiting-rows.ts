/** Rows that were read and are not committed yet, as columns. */
import type { Cell, Rows } from "@fireworks/lake";

/** An estimate of what a record takes besides its text: cells, and room to grow of the arrays. */
const CELL_BYTES = 16;
const ROW_BYTES = 64;

export class WaitingRows implements Rows {
	readonly columns: readonly Cell[][];
	/** Rows of the table of refused records. */
	readonly refused: (readonly Cell[])[] = [];
	/** How many were refused, by code. */
	readonly codes = new Map<string, number>();
	/** Whether a record had fields that the schema does not have. */
	surplus = false;
	count = 0;
	bytes = 0;
	/** When the first one came, on the monotonic clock. */
	since = 0;

	constructor(columns: number) {
		this.columns = Array.from({ length: columns }, () => []);
	}

	get empty(): boolean {
		return this.count + this.refused.length === 0;
	}

	/** Returns how many bytes it takes. textBytes: of the record's key and value. */
	add(row: readonly Cell[], textBytes: number): number {
		for (const [i, column] of this.columns.entries())
			column.push(row[i] as Cell);
		this.count++;
		return this.#grow(row.length, textBytes);
	}

	refuse(row: readonly Cell[], code: string, textBytes: number): number {
		this.refused.push(row);
		this.codes.set(code, (this.codes.get(code) ?? 0) + 1);
		return this.#grow(row.length, textBytes);
	}

	#grow(cells: number, textBytes: number): number {
		const bytes = ROW_BYTES + cells * CELL_BYTES + textBytes;
		this.bytes += bytes;
		return bytes;
	}
}
