/**
 * The generated documents are up to date, and the examples in docs/build/protocol.md match the
 * schemas.
 */
import { readdirSync, readFileSync } from "node:fs";
import { expect, test } from "vitest";
import {
	protocolDocument,
	schemaFiles,
	settingsDocument,
	streamProtocolDocument,
} from "../../../scripts/generated-docs.ts";
import {
	SETTINGS_CATALOGUE,
	SETTINGS_LIST,
	settingsCatalogue,
	settingsList,
} from "../../../scripts/settings-catalogue.ts";
import {
	CLOSE,
	CONNECT_QUERY,
	clientFrameSchema,
	ERROR_CODES,
	parseSettings,
	SETTINGS,
	type SettingName,
	STREAM_ERROR_CODES,
	STREAM_QUERY,
	serverFrameSchema,
	streamClientFrameSchema,
	streamFrameSchema,
	streamsFrameSchema,
	variableOf,
} from "../src/index.ts";

const docs = new URL("../../../docs/", import.meta.url);
const read = (name: string) => readFileSync(new URL(name, docs), "utf8");
const RENEW = "run `pnpm run docs`";
/** Markdown without the formatter's changes to tables. */
const plain = (text: string) =>
	text.replaceAll(/ *\| */g, "|").replaceAll(/-{3,}/g, "---");
const protocol = read("build/protocol.md");
const streamProtocol = read("build/protocol-v2.md");

test("settings.md", () => {
	expect(plain(read("operate/settings.md")), RENEW).toBe(
		plain(settingsDocument()),
	);
});

test("settings.md: each setting once, and at most 50 in front of the tuning ones", () => {
	const [untuned = "", rest = ""] = settingsDocument().split("## Tuning");
	const rows = (text: string) =>
		[...text.matchAll(/^\| `(FIREWORKS_\w+)`/gm)].map(([, name]) => name);
	expect(rows(untuned).length).toBeLessThanOrEqual(50);
	const all = [...rows(untuned), ...rows(rest)];
	expect(new Set(all).size).toBe(all.length);
	const files = /\bOr `(FIREWORKS_\w+_FILE)`: /g;
	const inRows = [...settingsDocument().matchAll(files)].map(
		([, name]) => name,
	);
	expect([...all, ...inRows].sort()).toEqual(
		(Object.keys(SETTINGS) as SettingName[]).map(variableOf).sort(),
	);
});

test("every default is a valid value", () => {
	const names = Object.keys(SETTINGS) as SettingName[];
	expect(Object.keys(parseSettings({}, names))).toEqual(names);
});

test("the settings for other languages", () => {
	const file = new URL(`../${SETTINGS_CATALOGUE}`, docs);
	expect(JSON.parse(readFileSync(file, "utf8")), RENEW).toEqual(
		JSON.parse(settingsCatalogue()),
	);
});

test("the settings that bootstrap.sh knows", () => {
	expect(
		readFileSync(new URL(`../${SETTINGS_LIST}`, docs), "utf8"),
		RENEW,
	).toBe(settingsList());
});

test("schemas: each as the code has it, and no other", () => {
	const files = schemaFiles();
	for (const [name, text] of files)
		expect(JSON.parse(read(`build/schemas/${name}`)), RENEW).toEqual(
			JSON.parse(text),
		);
	expect(readdirSync(new URL("build/schemas/", docs)).sort()).toEqual(
		[...files.keys()].sort(),
	);
});

test("protocol.md: its tables", () => {
	expect(plain(protocol), RENEW).toBe(plain(protocolDocument(protocol)));
});

test("protocol-v2.md: its tables", () => {
	expect(plain(streamProtocol), RENEW).toBe(
		plain(streamProtocolDocument(streamProtocol)),
	);
});

test("an outdated table is found", () => {
	const stale = protocol.replace("the server's clock", "a clock");
	expect(plain(protocolDocument(stale))).not.toBe(plain(stale));
});

type FrameSchema =
	| typeof serverFrameSchema
	| typeof clientFrameSchema
	| typeof streamsFrameSchema
	| typeof streamFrameSchema
	| typeof streamClientFrameSchema;

test.each<[string, string, FrameSchema[]]>([
	["protocol.md", protocol, [serverFrameSchema, clientFrameSchema]],
	[
		"protocol-v2.md",
		streamProtocol,
		[streamsFrameSchema, streamFrameSchema, streamClientFrameSchema],
	],
])(
	"%s: every frame has a section with a table, a meaning for each field, and a valid example",
	(_, text, schemas) => {
		for (const schema of schemas)
			for (const { shape } of schema.options) {
				const type = shape.type.value;
				const section = text.split(`### \`${type}\`\n`)[1]?.split("\n#")[0];
				expect(section).toMatch(
					new RegExp(`<!-- made from ${type} -->\\s+\\| field`),
				);
				const example = /```json\n([^`]+)\n```/.exec(section ?? "")?.[1] ?? "";
				expect(schema.parse(JSON.parse(example)).type).toBe(type);
				for (const row of section?.match(/^\| `.+$/gm) ?? [])
					if (!row.startsWith("| `type`")) expect(row).not.toMatch(/\|\s+\|$/);
			}
	},
);

test("protocol-v2.md: every query parameter and error code has its row", () => {
	for (const name of [...Object.values(STREAM_QUERY), ...STREAM_ERROR_CODES])
		expect(plain(streamProtocol)).toContain(`\n|\`${name}\`|`);
});

test("every frame of the example session is valid", () => {
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
