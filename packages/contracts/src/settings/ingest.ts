/** Settings of services/ingest, which takes records over HTTP. */
import { choice, file, port, secret, setting } from "./setting.ts";

export const INGEST_SETTINGS = {
	ingest: setting({
		schema: choice(["off", "on"]),
		default: "off",
		tier: "tuning",
		about:
			"on: `up` also starts services/ingest, which takes records over HTTP (docs/build/http-ingest.md). The same as `up --ingest`",
	}),
	ingestPort: setting({
		schema: port(),
		default: 8084,
		tier: "tuning",
		chart: { setBy: "" },
		about:
			"Port for records over HTTP, health and metrics of the ingest service (docs/build/http-ingest.md)",
	}),
	ingestBearerToken: secret({
		tier: "security",
		chart: { value: "ingest.auth.bearerToken" },
		about:
			"If set, requests that write records need this token (Authorization: Bearer)",
	}),
	ingestBearerTokenFile: file({
		tier: "security",
		about: "File that holds the token. It is read at the start",
	}),
} as const;
