/**
 * A stream as data: all that any part needs to know of it, without the program that defined it. The
 * catalog holds descriptions.
 */
import { z } from "zod";
import type { JsonSchema } from "../schema/json-schema.ts";
import { EPOCH_UNITS, RECORD_TIMESTAMP } from "../time/time-spec.ts";

export const TOPIC_NAME = /^[a-zA-Z0-9._-]{1,249}$/;
export const MEASURES_MAX = 64;

const path = z.string().min(1).max(500);

const timeSchema = z.union([
	z.literal(RECORD_TIMESTAMP),
	z.strictObject({ path }),
	z.strictObject({ path, unit: z.enum(EPOCH_UNITS) }),
	z.strictObject({
		path,
		zone: z.string(),
		fold: z.enum(["refuse", "earlier", "later"]).exactOptional(),
		gap: z.enum(["refuse", "shift"]).exactOptional(),
	}),
]);

const measureSchema = z.strictObject({
	unit: z.string().max(50).exactOptional(),
	label: z.string().max(200).exactOptional(),
});
export type Measure = Readonly<z.infer<typeof measureSchema>>;

const retentionSchema = z.strictObject({
	/** null: forever. */
	ms: z.int().positive().nullable(),
	/** The time that counts: when Kafka appended the record, or the record's event time. */
	by: z.enum(["append", "event"]),
});

/** Unknown fields are kept out of the way: a newer version may write more. */
export const descriptionSchema = z.object({
	name: z.string().regex(TOPIC_NAME),
	schema: z.record(z.string(), z.unknown()) as unknown as z.ZodType<JsonSchema>,
	/** null: the stream has no key. */
	key: path.nullable(),
	time: timeSchema,
	measures: z.record(path, measureSchema),
	retention: retentionSchema,
	table: z.boolean(),
});
export type StreamDescription = Readonly<z.infer<typeof descriptionSchema>>;
