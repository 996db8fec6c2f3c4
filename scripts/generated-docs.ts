/** The documents that are made from the code, as text; a test holds the files in docs/ against them. */
import {
	barrierSchema,
	clientFrameSchema,
	clockPositionSchema,
	deviceStateSchema,
	positionSchema,
	SETTINGS,
	type SettingName,
	serverFrameSchema,
	tickSchema,
	variableOf,
	wienerSchema,
} from "@fireworks/contracts";
import { z } from "zod";

export { protocolDocument } from "./protocol-document.ts";

export function settingsDocument(): string {
	const rows = (Object.keys(SETTINGS) as SettingName[]).map((name) => {
		const { standard, about } = SETTINGS[name];
		return `| \`${variableOf(name)}\` | ${standard === "" ? "" : `\`${standard}\``} | ${about} |`;
	});
	return `# Settings

Environment variables, the same for every part; each part reads those it knows. A wrong value stops it at once with all problems
listed, and so does a variable with the prefix \`FIREWORKS_\` that is not in this table. Made by \`pnpm docs\` from
packages/contracts/src/settings.

| variable | default | what it sets |
|---|---|---|
${rows.join("\n")}
`;
}

/** JSON Schemas of the records and frames, by file name. */
export function schemaFiles(): Map<string, string> {
	const schemas: Record<string, z.ZodType> = {
		"tick.schema.json": tickSchema,
		"wiener-record.schema.json": wienerSchema,
		"processor-changelog-state.schema.json": deviceStateSchema,
		"processor-changelog-position.schema.json": positionSchema,
		"metronome-changelog-position.schema.json": clockPositionSchema,
		"changelog-barrier.schema.json": barrierSchema,
		"websocket-server-frame.schema.json": serverFrameSchema,
		"websocket-client-frame.schema.json": clientFrameSchema,
	};
	return new Map(
		Object.entries(schemas).map(([name, schema]) => [
			name,
			`${JSON.stringify(z.toJSONSchema(schema, { io: "input" }), null, "\t")}\n`,
		]),
	);
}
