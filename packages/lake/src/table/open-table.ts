import { openCatalog } from "../catalog/open-catalog.ts";
import { SchemaError } from "../errors.ts";
import { ParquetWriter } from "../parquet/parquet-writer.ts";
import type { OpenTable, TableDefinition } from "../ports.ts";
import { ensureGeneration } from "./generations.ts";
import { LakeTable } from "./lake-table.ts";
import { untilAvailable } from "./retry.ts";
import { readState } from "./state.ts";

/**
 * Opens the table of the topic, and makes it if it is not there. The columns of a table that is
 * there stay as they are, until `evolve`. While the catalog is away, it waits.
 */
export const openTable: OpenTable = async (location, definition, options) => {
	refuseWrong(definition);
	const catalog = openCatalog(location);
	const state = await untilAvailable(async () => {
		await ensureGeneration(catalog, definition, options);
		return readState(catalog, definition.name);
	}, options);
	const writer = await ParquetWriter.open();
	return new LakeTable(catalog, definition.name, state, writer, options);
};

function refuseWrong({ name, columns, partitionBy }: TableDefinition): void {
	const problems: string[] = [];
	const names = columns.map((column) => column.name);
	for (const each of new Set(names))
		if (names.indexOf(each) !== names.lastIndexOf(each))
			problems.push(`there are several columns ${each}`);
	const time = columns.find((column) => column.name === partitionBy.column);
	if (time?.type !== "timestamptz")
		problems.push(
			`the rows are partitioned by ${partitionBy.column}, which is not a column of type timestamptz`,
		);
	if (problems.length > 0) throw new SchemaError(name, problems);
}
