/**
 * Answers history and SQL over the lake's tables, read-only. With the argument SQL_CHILD it is the
 * process of SQL statements, so that a bundle is one file.
 */
import { fileURLToPath } from "node:url";
import { openReader } from "@fireworks/lake";
import { runService } from "@fireworks/service-kit";
import { QUERY_SETTINGS, runLakeQuery } from "./query-service.ts";
import { runSqlChild } from "./sql/child.ts";
import { SQL_CHILD } from "./sql/children.ts";

if (process.argv[2] === SQL_CHILD) runSqlChild();
else
	await runService({
		name: "lake-query",
		settings: QUERY_SETTINGS,
		run: (context) =>
			runLakeQuery(
				context,
				openReader({
					catalog: { kind: "files", folder: context.settings.lakeDir },
				}),
				fileURLToPath(import.meta.url),
			),
	});
