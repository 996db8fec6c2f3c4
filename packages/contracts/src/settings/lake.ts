/** Settings of the lake: where its Iceberg tables are, and of services/lake, which writes them. */
import { text } from "../setting-types.ts";
import { anyText, file, secret, setting } from "./setting.ts";

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
} as const;
