export {
	CatalogError,
	CatalogUnavailableError,
	FencedError,
	LakeError,
	RowsError,
	SchemaError,
	UnsupportedTableError,
} from "./errors.ts";
export type { MaintenanceSettings } from "./maintain/settings.ts";
export type {
	Cell,
	Column,
	ColumnType,
	Committed,
	DataFile,
	LakeLocation,
	Maintained,
	OpenReader,
	OpenTable,
	OwnedTable,
	Positions,
	Rows,
	TableDefinition,
	TableReader,
	TableSnapshot,
} from "./ports.ts";
export { COLUMN_TYPES } from "./ports.ts";
export { openReader } from "./read/open-reader.ts";
export { openTable } from "./table/open-table.ts";
