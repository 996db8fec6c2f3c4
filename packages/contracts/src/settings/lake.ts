/** Settings of the lake: where its Iceberg tables are, and of services/lake, which writes them. */
import { integer, text } from "../setting-types.ts";
import { anyText, file, port, secret, setting } from "./setting.ts";

export const LAKE_SETTINGS = {
	lakeDir: setting({
		schema: text(/./, "a folder"),
		default: ".fireworks/lake",
		tier: "common",
		about:
			"Folder of the lake's tables and their catalog. It is not used if FIREWORKS_LAKE_CATALOG_URI is set",
	}),
	lakeCatalogUri: setting({
		schema: text(/^$|^https?:\/\/\S+$/, "an http(s):// address, or nothing"),
		default: "",
		tier: "common",
		about:
			"Address of an Iceberg REST catalog that holds the lake's tables. Empty: the files of FIREWORKS_LAKE_DIR",
	}),
	lakeWarehouse: anyText({
		tier: "common",
		about: "Warehouse of the REST catalog, as that catalog names it",
	}),
	lakeCatalogToken: secret({
		tier: "security",
		about: "Token for the REST catalog (Authorization: Bearer)",
	}),
	lakeCatalogTokenFile: file({
		tier: "security",
		about: "File that holds the token. It is read at the start",
	}),
	lakePort: setting({
		schema: port(),
		default: 8085,
		tier: "tuning",
		about: "Port for health, metrics and the state of the tables of the lake",
	}),
	lakeCommitMs: setting({
		schema: integer(1_000, 300_000),
		default: 10_000,
		unit: "ms",
		tier: "tuning",
		about:
			"Longest time that records wait until they are committed to their table. Many records are committed earlier",
	}),
} as const;
