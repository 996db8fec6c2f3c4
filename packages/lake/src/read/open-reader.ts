import { openCatalog } from "../catalog/open-catalog.ts";
import { CatalogUnavailableError } from "../errors.ts";
import type { TableColumn } from "../iceberg/schema.ts";
import { parquetRelation } from "../parquet/sql.ts";
import type { OpenReader } from "../ports.ts";
import { isSystemError } from "../storage/files.ts";
import { ReadTable } from "./read-table.ts";

export const openReader: OpenReader = (location) => {
	const catalog = openCatalog(location);
	const tables = new Map<string, ReadTable>();
	return {
		list: () => available(() => catalog.list()),
		async snapshot(name) {
			const table = tables.get(name) ?? new ReadTable(catalog, name);
			const snapshot = await available(() => table.snapshot());
			// Names that do not exist are not kept: anybody can ask for any.
			if (snapshot === undefined) tables.delete(name);
			else tables.set(name, table);
			return snapshot;
		},
		relation: (snapshot, files = snapshot.files) =>
			parquetRelation(
				// The columns of our own snapshots have the ids of the table.
				snapshot.columns as readonly TableColumn[],
				files.map(({ path }) => path),
			),
	};
};

/** A folder that cannot be read is a catalog that is away. */
async function available<T>(act: () => Promise<T>): Promise<T> {
	try {
		return await act();
	} catch (error) {
		if (!isSystemError(error)) throw error;
		throw new CatalogUnavailableError(
			`the lake's folder cannot be read: ${error.message}`,
			{ cause: error },
		);
	}
}
