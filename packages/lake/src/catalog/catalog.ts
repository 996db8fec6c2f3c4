/**
 * A catalog knows the newest metadata of each table, and changes it if the requirements of a commit
 * hold. Commits are the bodies of Iceberg's REST protocol, as bytes: the same bytes can be sent
 * again when an answer was lost.
 */
import type {
	PartitionSpec,
	TableMetadata,
	TableSchema,
} from "../iceberg/metadata.ts";

/** Iceberg's tables are in namespaces. All of ours are in this one. */
export const NAMESPACE = "fireworks";

export interface LoadedTable {
	/** Another one for each commit. */
	readonly metadataLocation: string;
	readonly metadata: TableMetadata;
}

export interface NewTable {
	readonly name: string;
	readonly schema: TableSchema;
	readonly spec: PartitionSpec;
	readonly properties: Readonly<Record<string, string>>;
}

export type CommitAnswer =
	| { readonly outcome: "committed"; readonly table: LoadedTable }
	/** A requirement does not hold. After a lost answer, our own commit may be the reason. */
	| { readonly outcome: "conflict"; readonly reason: string }
	/** It may have been applied, and may still be. */
	| { readonly outcome: "unknown"; readonly reason: string };

export interface Catalog {
	list(): Promise<readonly string[]>;
	/** undefined: there is no such table. */
	load(name: string): Promise<LoadedTable | undefined>;
	/** exists: another one was first, or this request itself, if its answer was lost. */
	create(table: NewTable): Promise<"created" | "exists">;
	/** The rows stay where they are. taken: there is a table of that name, or none of this one. */
	rename(from: string, to: string): Promise<"renamed" | "taken">;
	/**
	 * Deletes files of the catalog's own that were left by processes that ended, if they were last
	 * written before this time (ms since 1970).
	 */
	removeLeftovers(name: string, before: number): Promise<void>;
	/** Throws CatalogError if the catalog refuses the request for good. */
	commit(name: string, body: string): Promise<CommitAnswer>;
}
