/**
 * Where the files of a table are. A catalog can give a table the location that an older table of
 * the same name still has: so each has folders of its own in it.
 */
import type { TableMetadata } from "../iceberg/metadata.ts";

export const dataFolder = (table: TableMetadata): string =>
	`${table.location}/data/${table["table-uuid"]}`;

/** Of manifests and manifest lists. */
export const manifestFolder = (table: TableMetadata): string =>
	`${table.location}/metadata/${table["table-uuid"]}`;
