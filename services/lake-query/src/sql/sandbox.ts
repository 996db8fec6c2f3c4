/**
 * DuckDB for one statement of a user: in memory, without any file but those of the tables, without
 * network, extensions and settings.
 */
import { type DuckDBConnection, DuckDBInstance } from "@duckdb/node-api";
import { STATEMENT_MEMORY } from "../limits.ts";
import { identifier, literal } from "../relation.ts";
import type { SqlTable } from "./messages.ts";
import type { ViewName } from "./view-names.ts";

const OPTIONS = {
	threads: "1",
	memory_limit: STATEMENT_MEMORY,
	// What does not fit into memory is an error, not a file.
	temp_directory: "",
	autoinstall_known_extensions: "false",
	autoload_known_extensions: "false",
	allow_community_extensions: "false",
	allow_unsigned_extensions: "false",
	allow_persistent_secrets: "false",
};

export interface Sandbox {
	readonly connection: DuckDBConnection;
	close(): void;
}

/** views: of the tables; tables without an entry get none. */
export async function openSandbox(
	tables: readonly SqlTable[] = [],
	views: Iterable<ViewName> = [],
): Promise<Sandbox> {
	const instance = await DuckDBInstance.create(":memory:", OPTIONS);
	const connection = await instance.connect();
	const close = () => {
		connection.closeSync();
		instance.closeSync();
	};
	try {
		await connection.run("SET GLOBAL TimeZone = 'UTC'");
		const paths = tables.flatMap((table) => table.paths.map(literal));
		await connection.run(`SET allowed_paths = [${paths.join(", ")}]`);
		await connection.run("SET enable_external_access = false");
		const relations = new Map(tables.map((t) => [t.name, t.relation]));
		for (const { view, table } of views) {
			const relation = relations.get(table);
			if (relation !== undefined)
				await connection.run(
					`CREATE VIEW ${identifier(view)} AS SELECT * FROM ${relation}`,
				);
		}
		await connection.run("SET lock_configuration = true");
		return { connection, close };
	} catch (error) {
		close();
		throw error;
	}
}
