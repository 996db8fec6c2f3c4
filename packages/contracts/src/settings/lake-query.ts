/** Settings of services/lake-query, which answers history and SQL over the lake's tables. */
import { file, port, secret, setting } from "./setting.ts";

export const LAKE_QUERY_SETTINGS = {
	lakeQueryPort: setting({
		schema: port(),
		default: 8086,
		tier: "tuning",
		about:
			"Port for history, SQL, health and metrics of the lake's query service (docs/use/sql.md)",
	}),
	lakeQueryBearerToken: secret({
		tier: "security",
		about:
			"If set, requests to the lake's query service need this token (Authorization: Bearer)",
	}),
	lakeQueryBearerTokenFile: file({
		tier: "security",
		about: "File that holds the token. It is read at the start",
	}),
} as const;
