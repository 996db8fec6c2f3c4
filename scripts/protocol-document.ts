/**
 * docs/protocol.md: its words are written by hand, its tables are made from the schemas.
 *
 * A table stands between `<!-- made from <name> -->` and `<!-- end -->`; what is between them is replaced. A test in packages/contracts holds
 * the file against this, and each of its examples against the schemas.
 */
import {
	clientFrameSchema,
	SETTINGS,
	type SettingName,
	serverFrameSchema,
	variableOf,
} from "@fireworks/contracts";
import { z } from "zod";

/** The settings that bound a client. */
const LIMITS = [
	"middlewareClientsMax",
	"middlewareClientsPerAddressMax",
	"middlewareFrameBytesMax",
	"middlewareClientFramesPerSecondMax",
	"middlewareHandshakeMs",
	"middlewareClientBufferBytesMax",
	"middlewareSlowMaxMs",
	"middlewareSnapshotPointsMax",
	"middlewareSnapshotEventsMax",
	"middlewareBatchMs",
	"middlewarePingMs",
] as const satisfies readonly SettingName[];

type JsonSchema = z.core.JSONSchema.JSONSchema;

/** The words with their tables as the schemas are now. */
export const protocolDocument = (words: string): string =>
	words.replace(
		/(<!-- made from (.+?) -->\n)[\s\S]*?(<!-- end -->)/g,
		(_, begin: string, name: string, end: string) =>
			`${begin}${tableOf(name)}\n${end}`,
	);

function tableOf(name: string): string {
	if (name === "settings") return limits();
	const frames = [...serverFrameSchema.options, ...clientFrameSchema.options];
	const frame = frames.find((one) => one.shape.type.value === name);
	if (frame === undefined) throw new Error(`no frame ${name}`);
	return `| field | type | meaning |\n|---|---|---|\n${fields(z.toJSONSchema(frame, { io: "input" }), "").join("\n")}`;
}

function fields({ properties = {}, required = [] }: JsonSchema, at: string) {
	return Object.entries(properties).flatMap(([name, schema]): string[] => {
		if (typeof schema === "boolean") return [];
		const path = `${at}${name}`;
		const optional = required.includes(name) ? "" : ", may be absent";
		const row = `| \`${path}\` | ${typeOf(schema)}${optional} | ${schema.description ?? ""} |`;
		const items = schema.items as JsonSchema | undefined;
		return [
			row,
			...fields(schema, `${path}.`),
			...(items === undefined ? [] : fields(items, `${path}[].`)),
		];
	});
}

function typeOf(schema: JsonSchema): string {
	if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
	if (schema.anyOf)
		return schema.anyOf.map((one) => typeOf(one as JsonSchema)).join(" or ");
	if (schema.type === "array")
		return `array of ${typeOf(schema.items as JsonSchema)}${bounds("at most", schema.maxItems)}`;
	if (schema.type === "string" && schema.maxLength !== undefined)
		return `string of ${schema.minLength} to ${schema.maxLength} UTF-16 units`;
	return `${schema.type}${range(schema)}`;
}

const bounds = (word: string, bound: number | undefined): string =>
	bound === undefined ? "" : `, ${word} ${bound}`;

/** Bounds of an integer, but for those that every double has. */
function range({ minimum, maximum }: JsonSchema): string {
	const high = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
	const low = minimum === Number.MIN_SAFE_INTEGER ? undefined : minimum;
	if (low !== undefined && high !== undefined) return `, ${low} to ${high}`;
	return bounds("at least", low) + bounds("at most", high);
}

const limits = (): string =>
	[
		"| setting | default | what it bounds |\n|---|---|---|",
		...LIMITS.map(
			(name) =>
				`| \`${variableOf(name)}\` | ${SETTINGS[name].standard} | ${SETTINGS[name].about} |`,
		),
	].join("\n");
