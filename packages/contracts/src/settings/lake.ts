/** Settings of the lake: where its Iceberg tables are, and of services/lake, which writes them. */
import { integer, text } from "../setting-types.ts";
import { port, setting } from "./setting.ts";

export const LAKE_SETTINGS = {
	lakeDir: setting({
		schema: text(/./, "a folder"),
		default: ".fireworks/lake",
		tier: "tuning",
		about: "Folder of the lake's tables and their catalog",
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
