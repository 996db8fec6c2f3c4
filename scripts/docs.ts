/** Writes the documents that are made from the code: docs/settings.md, and the records' JSON Schemas in docs/schemas/. */
import { mkdirSync, writeFileSync } from "node:fs";
import { schemaFiles, settingsDocument } from "./generated-docs.ts";

mkdirSync("docs/schemas", { recursive: true });
writeFileSync("docs/settings.md", settingsDocument());
for (const [name, text] of schemaFiles())
	writeFileSync(`docs/schemas/${name}`, text);
