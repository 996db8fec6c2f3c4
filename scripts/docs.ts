/** Writes the documents that are made from the code: docs/settings.md, the tables of docs/protocol.md, JSON Schemas in docs/schemas/, the settings for other languages, and the schemas of the charts' values. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { chartSchemaFiles } from "./charts/schema-files.ts";
import { valuesDocument } from "./charts/values-document.ts";
import {
	protocolDocument,
	schemaFiles,
	settingsDocument,
} from "./generated-docs.ts";
import { SETTINGS_CATALOGUE, settingsCatalogue } from "./settings-catalogue.ts";

mkdirSync("docs/schemas", { recursive: true });
writeFileSync("docs/settings.md", settingsDocument());
writeFileSync("docs/values.md", valuesDocument());
writeFileSync(
	"docs/protocol.md",
	protocolDocument(readFileSync("docs/protocol.md", "utf8")),
);
for (const [name, text] of schemaFiles())
	writeFileSync(`docs/schemas/${name}`, text);
writeFileSync(SETTINGS_CATALOGUE, settingsCatalogue());
for (const [path, text] of chartSchemaFiles()) writeFileSync(path, text);
// As `pnpm check` wants them.
execFileSync(
	"node_modules/.bin/biome",
	[
		"format",
		"--write",
		"docs/schemas",
		...chartSchemaFiles().keys(),
		SETTINGS_CATALOGUE,
	],
	{
		stdio: "inherit",
	},
);
