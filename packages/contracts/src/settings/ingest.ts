/** Settings of services/ingest, which takes records over HTTP. */
import { file, port, secret, setting } from "./setting.ts";

export const INGEST_SETTINGS = {
	ingestPort: setting({
		schema: port(),
		default: 8084,
		tier: "tuning",
		about:
			"Port for records over HTTP, health and metrics of the ingest service (docs/build/http-ingest.md)",
	}),
	ingestBearerToken: secret({
		tier: "security",
		about:
			"If set, requests that write records need this token (Authorization: Bearer)",
	}),
	ingestBearerTokenFile: file({
		tier: "security",
		about: "File that holds the token. It is read at the start",
	}),
} as const;
