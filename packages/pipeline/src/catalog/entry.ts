/** An entry of the catalog: a stream's description and its version. */
import { isDeepStrictEqual } from "node:util";
import type { TopicSettings, TopicSpec } from "@fireworks/contracts";
import { z } from "zod";
import { breaksOf, type SchemaBreak } from "../schema/compatibility.ts";
import {
	descriptionSchema,
	type StreamDescription,
} from "../stream/description.ts";

/** The topic of the catalog: compacted, one partition, key = the stream's name. */
export const CATALOG_TOPIC = "fireworks-catalog";

export const catalogEntrySchema = descriptionSchema.extend({
	/** Rises by one with each change. */
	version: z.int().min(1),
});
export type CatalogEntry = Readonly<z.infer<typeof catalogEntrySchema>>;

export const catalogTopic = (
	settings: Pick<TopicSettings, "replicationFactor" | "topicConfigs">,
): TopicSpec => ({
	name: CATALOG_TOPIC,
	partitions: 1,
	replicationFactor: settings.replicationFactor,
	cleanup: "compact",
	config: {
		"cleanup.policy": "compact",
		...(settings.topicConfigs === "own" ? { "segment.ms": "86400000" } : {}),
	},
});

/** The entry in a record of the catalog; undefined if the record is not one. */
export function entryOf(
	key: Buffer | null,
	value: Buffer | null,
): CatalogEntry | undefined {
	if (key === null || value === null) return undefined;
	try {
		const { data } = catalogEntrySchema.safeParse(JSON.parse(String(value)));
		return data?.name === String(key) ? data : undefined;
	} catch {
		return undefined;
	}
}

/** A stream's new definition breaks what reads the stream. */
export class IncompatibleError extends Error {
	override readonly name = "IncompatibleError";
	readonly stream: string;
	readonly breaks: readonly SchemaBreak[];

	constructor(stream: string, version: number, breaks: readonly SchemaBreak[]) {
		const lines = breaks.map(
			({ field, rule, before, after, advice }) =>
				`  ${field || "the record"}: ${rule}\n    - ${shown(before)}\n    + ${shown(after)}\n    ${advice}`,
		);
		super(
			`the stream ${stream} is in the catalog with version ${version}, and its new definition breaks what reads it:\n${lines.join("\n")}\nDo what is advised, or give the changed stream another name. --allow-incompatible publishes it anyway: then reset or update everything that reads the stream.`,
		);
		this.stream = stream;
		this.breaks = breaks;
	}
}

const shown = (value: unknown): string =>
	typeof value === "string" ? value : (JSON.stringify(value) ?? "absent");

/**
 * The entry to publish; undefined if the catalog has it already. Throws IncompatibleError unless
 * `allowIncompatible`.
 */
export function nextEntry(
	current: CatalogEntry | undefined,
	description: StreamDescription,
	allowIncompatible: boolean,
): CatalogEntry | undefined {
	if (current === undefined) return { ...description, version: 1 };
	const { version, ...published } = current;
	if (isDeepStrictEqual(published, plain(description))) return undefined;
	const breaks = definitionBreaks(published, description);
	if (breaks.length > 0 && !allowIncompatible)
		throw new IncompatibleError(description.name, version, breaks);
	return { ...description, version: version + 1 };
}

/** As it will look when it is read from the topic. */
const plain = (value: unknown): unknown => JSON.parse(JSON.stringify(value));

function definitionBreaks(
	before: StreamDescription,
	after: StreamDescription,
): SchemaBreak[] {
	const breaks = breaksOf(before.schema, after.schema);
	const fixed = (field: "key" | "time", advice: string) => {
		if (isDeepStrictEqual(plain(before[field]), plain(after[field]))) return;
		breaks.push({
			field,
			rule: `${field} changed`,
			before: before[field],
			after: after[field],
			advice,
		});
	};
	fixed(
		"key",
		"keep the key: older records lie in the partitions of the old one",
	);
	fixed("time", "keep the time: older records would be read at other times");
	return breaks;
}
