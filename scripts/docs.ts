/** Writes the documents that are made from the code: docs/settings.md, the tables of docs/protocol.md, and JSON Schemas in docs/schemas/. */
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import {
	protocolDocument,
	schemaFiles,
	settingsDocument,
} from "./generated-docs.ts";

mkdirSync("docs/schemas", { recursive: true });
writeFileSync("docs/settings.md", settingsDocument());
writeFileSync(
	"docs/protocol.md",
	protocolDocument(readFileSync("docs/protocol.md", "utf8")),
);
for (const [name, text] of schemaFiles())
	writeFileSync(`docs/schemas/${name}`, text);
// As `pnpm check` wants them.
execFileSync("node_modules/.bin/biome", ["format", "--write", "docs/schemas"], {
	stdio: "inherit",
});
