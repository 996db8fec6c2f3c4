/**
 * Answers history and SQL over the lake's tables, read-only. With the argument SQL_CHILD it is the
 * process of SQL statements, so that a bundle is one file.
 */
import { fileURLToPath } from "node:url";
import { type LakeLocation, openReader } from "@fireworks/lake";
import {
	runService,
	type SecretSettings,
	secretOf,
} from "@fireworks/service-kit";
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
				openReader(locationOf(context.settings)),
				fileURLToPath(import.meta.url),
			),
	});

function locationOf(
	settings: {
		readonly lakeDir: string;
		readonly lakeCatalogUri: string;
		readonly lakeWarehouse: string;
	} & SecretSettings<"lakeCatalogToken">,
): LakeLocation {
	const { lakeDir, lakeCatalogUri, lakeWarehouse } = settings;
	if (lakeCatalogUri === "")
		return { catalog: { kind: "files", folder: lakeDir } };
	const token = secretOf(settings, "lakeCatalogToken");
	return {
		catalog: {
			kind: "rest",
			uri: lakeCatalogUri,
			warehouse: lakeWarehouse,
			...(token === "" ? {} : { token }),
		},
	};
}
