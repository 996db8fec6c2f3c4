/** The documents that are made from the code are up to date, and what docs/protocol.md shows is what the schemas allow. */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
	protocolDocument,
	schemaFiles,
	settingsDocument,
} from "../../../scripts/generated-docs.ts";
import {
	SETTINGS_CATALOGUE,
	settingsCatalogue,
} from "../../../scripts/settings-catalogue.ts";
import {
	CLOSE,
	CONNECT_QUERY,
	clientFrameSchema,
	ERROR_CODES,
	serverFrameSchema,
} from "../src/index.ts";

const docs = new URL("../../../docs/", import.meta.url);
const read = (name: string) => readFileSync(new URL(name, docs), "utf8");
const RENEW = "run `pnpm docs`";
/** Markdown without what the formatter does to tables. */
const plain = (text: string) =>
	text.replaceAll(/ *\| */g, "|").replaceAll(/-{3,}/g, "---");
const protocol = read("protocol.md");

test("settings.md", () => {
	expect(plain(read("settings.md")), RENEW).toBe(plain(settingsDocument()));
});

test("the settings for other languages", () => {
	const file = new URL(`../${SETTINGS_CATALOGUE}`, docs);
	expect(JSON.parse(readFileSync(file, "utf8")), RENEW).toEqual(
		JSON.parse(settingsCatalogue()),
	);
});

test("schemas: each as the code has it, and no other", () => {
	const files = schemaFiles();
	for (const [name, text] of files)
		expect(JSON.parse(read(`schemas/${name}`)), RENEW).toEqual(
			JSON.parse(text),
		);
	expect(readdirSync(new URL("schemas/", docs)).sort()).toEqual(
		[...files.keys()].sort(),
	);
});

test("protocol.md: its tables", () => {
	expect(plain(protocol), RENEW).toBe(plain(protocolDocument(protocol)));
});

test("a table that is out of date is found", () => {
	const stale = protocol.replace("the server's clock", "a clock");
	expect(plain(protocolDocument(stale))).not.toBe(plain(stale));
});

test("every frame has a section with a table, a meaning for each field, and an example that is one", () => {
	for (const [schema, options] of [
		[serverFrameSchema, serverFrameSchema.options],
		[clientFrameSchema, clientFrameSchema.options],
	] as const)
		for (const { shape } of options) {
			const type = shape.type.value;
			const section = protocol.split(`### \`${type}\`\n`)[1]?.split("\n#")[0];
			expect(section).toMatch(
				new RegExp(`<!-- made from ${type} -->\\s+\\| field`),
			);
			const example = /```json\n([^`]+)\n```/.exec(section ?? "")?.[1] ?? "";
			expect(schema.parse(JSON.parse(example)).type).toBe(type);
			for (const row of section?.match(/^\| `.+$/gm) ?? [])
				if (!row.startsWith("| `type`")) expect(row).not.toMatch(/\|\s+\|$/);
		}
});

test("every frame of the session is one", () => {
	const lines = protocol.match(/^(<-|->) \{.+$/gm) ?? [];
	expect(lines.length).toBeGreaterThan(10);
	for (const line of lines) {
		const schema = line.startsWith("<-")
			? serverFrameSchema
			: clientFrameSchema;
		expect(schema.safeParse(JSON.parse(line.slice(3))).error).toBeUndefined();
	}
});

test("every query, error code and close code has its row", () => {
	for (const name of [...Object.values(CONNECT_QUERY), ...ERROR_CODES])
		expect(plain(protocol)).toContain(`\n|\`${name}\`|`);
	for (const code of Object.values(CLOSE))
		expect(plain(protocol)).toContain(`\n|${code}|`);
});
