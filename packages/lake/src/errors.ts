/** What can go wrong with the lake, by what the caller must do about it. */

/** Every error of this package that is not a plain bug. */
export class LakeError extends Error {
	override name = "LakeError";
}

/**
 * Another owner has committed to the table. This process must end: whatever it still holds was, or
 * will be, written by the other one.
 */
export class FencedError extends LakeError {
	override name = "FencedError";
}

/** The columns that were asked for do not fit those of the table. Nothing was changed. */
export class SchemaError extends LakeError {
	override name = "SchemaError";
	/** One sentence for each column that does not fit. */
	readonly problems: readonly string[];

	constructor(table: string, problems: readonly string[]) {
		super(
			`table ${table}: ${problems.join("; ")}. Change the columns back, or give the stream another name`,
		);
		this.problems = problems;
	}
}

/** The rows do not fit the columns of the table. Nothing was written. */
export class RowsError extends LakeError {
	override name = "RowsError";
}

/** The catalog refused a request for good: to repeat it would not help. */
export class CatalogError extends LakeError {
	override name = "CatalogError";
}

/** The table has something that only another program can have made, and that we cannot read. */
export class UnsupportedTableError extends LakeError {
	override name = "UnsupportedTableError";
}

/** The catalog cannot be reached or fails. It may be back soon. */
export class CatalogUnavailableError extends LakeError {
	override name = "CatalogUnavailableError";
}
