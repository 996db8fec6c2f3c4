/**
 * docs/build/protocol.md and protocol-v2.md: their text is written by hand, their tables are
 * generated from the schemas.
 *
 * A table is between `<!-- made from <name> -->` and `<!-- end -->`; everything in between is
 * replaced. A test in packages/contracts checks that the tables are up to date and that each
 * example matches the schemas.
 */
import {
	clientFrameSchema,
	SETTINGS,
	type SettingName,
	serverFrameSchema,
	streamClientFrameSchema,
	streamFrameSchema,
	streamsFrameSchema,
	variableOf,
} from "@fireworks/contracts";
import { z } from "zod";
import {
	CLIENT_LIMITS,
	type ClientLimits,
} from "../services/middleware/src/limits.ts";

/** What the limits of a client mean. Two of them are settings. */
const LIMITS = {
	middlewareClientsMax: "Clients of a middleware",
	middlewareClientsPerAddressMax:
		"Clients of one address; with IPv6, of one /64 network",
	frameBytesMax: "Bytes of a client's frame",
	framesPerSecondMax:
		"Frames of one client per second over time; twice as many may arrive at once",
	handshakeMs: "Time in which a new connection must send its request (ms)",
	bufferBytesMax:
		"Bytes that wait for one slow client before events are skipped",
	slowMaxMs: "A client that stays slow for this long is closed (ms)",
	snapshotPointsMax: "Newest points of a device in a snapshot",
	snapshotEventsMax: "Events of a snapshot",
	batchMs: "Shortest time between two batches to a client (ms)",
	pingMs:
		"Time between two pings; a client that answers neither of two is closed (ms)",
} as const satisfies Record<
	| keyof ClientLimits
	| "middlewareClientsMax"
	| "middlewareClientsPerAddressMax",
	string
>;

type JsonSchema = z.core.JSONSchema.JSONSchema;

const FRAMES: readonly z.ZodObject<{ type: z.ZodLiteral<string> }>[] = [
	...serverFrameSchema.options,
	...clientFrameSchema.options,
];
const STREAM_FRAMES: typeof FRAMES = [
	...streamsFrameSchema.options,
	...streamFrameSchema.options,
	...streamClientFrameSchema.options,
];

/** The text of protocol.md with its tables updated from the current schemas. */
export const protocolDocument = (words: string): string =>
	withTables(words, FRAMES);

/** The same for protocol-v2.md. */
export const streamProtocolDocument = (words: string): string =>
	withTables(words, STREAM_FRAMES);

const withTables = (words: string, frames: typeof FRAMES): string =>
	words.replace(
		/(<!-- made from (.+?) -->\n)[\s\S]*?(<!-- end -->)/g,
		(_, begin: string, name: string, end: string) =>
			`${begin}${tableOf(name, frames)}\n${end}`,
	);

function tableOf(name: string, frames: typeof FRAMES): string {
	if (name === "settings") return limits();
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
			...(typeof schema.additionalProperties === "object"
				? fields(schema.additionalProperties, `${path}[path].`)
				: []),
		];
	});
}

function typeOf(schema: JsonSchema): string {
	if (schema.const !== undefined) return `\`${JSON.stringify(schema.const)}\``;
	if (schema.anyOf)
		return schema.anyOf.map((one) => typeOf(one as JsonSchema)).join(" or ");
	if (schema.type === "array")
		return `array of ${typeOf(schema.items as JsonSchema)}${bounds("at most", schema.maxItems)}`;
	if (typeof schema.additionalProperties === "object")
		return `object of ${typeOf(schema.additionalProperties)}`;
	if (schema.type === "string" && schema.maxLength !== undefined)
		return `string of ${schema.minLength} to ${schema.maxLength} UTF-16 units`;
	const types = [schema.type].flat().join(" or ");
	return `${types}${range(schema)}`;
}

const bounds = (word: string, bound: number | undefined): string =>
	bound === undefined ? "" : `, ${word} ${bound}`;

/** Bounds of an integer, except those that every double has. */
function range({ minimum, maximum }: JsonSchema): string {
	const high = maximum === Number.MAX_SAFE_INTEGER ? undefined : maximum;
	const low = minimum === Number.MIN_SAFE_INTEGER ? undefined : minimum;
	if (low !== undefined && high !== undefined) return `, ${low} to ${high}`;
	return bounds("at least", low) + bounds("at most", high);
}

const limits = (): string =>
	[
		"| limit | value | what it bounds |\n|---|---|---|",
		...Object.entries(LIMITS).map(([name, about]) => {
			if (name in CLIENT_LIMITS)
				return `| ${name} | ${CLIENT_LIMITS[name as keyof ClientLimits]} | ${about} |`;
			const setting = name as SettingName;
			return `| \`${variableOf(setting)}\` | ${SETTINGS[setting].default} | ${about} |`;
		}),
	].join("\n");
