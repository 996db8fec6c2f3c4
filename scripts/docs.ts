/**
 * Writes the generated documents: docs/operate/settings.md and values.md, the tables of
 * docs/build/protocol.md, protocol-v2.md and docs/use/cli.md, JSON Schemas in docs/build/schemas/,
 * the settings for other languages, and the schemas of the charts' values.
 */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { chartSchemaFiles } from "./charts/schema-files.ts";
import { valuesDocument } from "./charts/values-document.ts";
import { cliDocument } from "./cli-document.ts";
import {
	protocolDocument,
	schemaFiles,
	settingsDocument,
	streamProtocolDocument,
} from "./generated-docs.ts";
import {
	SETTINGS_CATALOGUE,
	SETTINGS_LIST,
	settingsCatalogue,
	settingsList,
} from "./settings-catalogue.ts";

mkdirSync("docs/build/schemas", { recursive: true });
writeFileSync("docs/operate/settings.md", settingsDocument());
writeFileSync("docs/operate/values.md", valuesDocument());
writeFileSync(
	"docs/build/protocol.md",
	protocolDocument(readFileSync("docs/build/protocol.md", "utf8")),
);
const STREAM_PROTOCOL_DOCUMENT = "docs/build/protocol-v2.md";
writeFileSync(
	STREAM_PROTOCOL_DOCUMENT,
	streamProtocolDocument(readFileSync(STREAM_PROTOCOL_DOCUMENT, "utf8")),
);
const CLI_DOCUMENT = "docs/use/cli.md";
writeFileSync(
	CLI_DOCUMENT,
	await cliDocument(readFileSync(CLI_DOCUMENT, "utf8")),
);
for (const [name, text] of schemaFiles())
	writeFileSync(`docs/build/schemas/${name}`, text);
writeFileSync(SETTINGS_CATALOGUE, settingsCatalogue());
writeFileSync(SETTINGS_LIST, settingsList());
for (const [path, text] of chartSchemaFiles()) writeFileSync(path, text);
// Format them as `pnpm check` requires.
execFileSync(
	"node_modules/.bin/biome",
	[
		"format",
		"--write",
		"docs/build/schemas",
		...chartSchemaFiles().keys(),
		SETTINGS_CATALOGUE,
	],
	{
		stdio: "inherit",
	},
);
