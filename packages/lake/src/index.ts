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
