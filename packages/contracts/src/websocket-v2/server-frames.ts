/**
 * What the middleware sends over `fireworks.v2`: JSON text, one object per frame.
 *
 * One connection carries one stream of the catalog, or, without `stream` in its URL, the list of
 * all streams. An event is identified by its partition and offset only: there is no sequence
 * number, and events with equal times or keys are never merged.
 */
import { z } from "zod";
import { ERROR_CODES, errorSchema, gapSchema, pingSchema } from "../frames.ts";

export const STREAM_PROTOCOL = "fireworks.v2";

const ms = z.number().describe("ms since 1970");
const position = z
	.string()
	.describe("opaque: a place in the stream, for ?after=");
const index = z.int().min(0);

const measureSchema = z.object({
	unit: z.string().optional().describe("such as °C"),
	label: z.string().optional().describe("its name for people"),
});

export const shownStreamSchema = z.object({
	name: z.string().describe("for ?stream="),
	key: z
		.string()
		.nullable()
		.describe("path of the key; null: the definition has none"),
	measures: z
		.record(z.string(), measureSchema)
		.describe("by path, in the definition's order"),
	version: z.int().min(1).describe("rises when the definition changes"),
});

/** All streams. Sent at once, and whenever the catalog changes. */
export const streamsSchema = z.object({
	type: z.literal("streams"),
	serverTime: ms.describe("the server's clock, ms since 1970"),
	streams: z.array(shownStreamSchema).describe("all of them, by name"),
});

export const streamHelloSchema = z.object({
	type: z.literal("hello"),
	protocol: z.literal(STREAM_PROTOCOL).describe("what the server speaks"),
	serverTime: ms.describe("the server's clock, ms since 1970"),
	stream: shownStreamSchema.describe("the stream, as the catalog has it"),
	keyCount: z.int().min(0).describe("keys known now, of all"),
	batchMs: z.int().min(1).describe("least time between two batches, ms"),
	pingMs: z.int().min(1).describe("time between two pings, ms"),
	oldest: position.describe("the oldest place to resume from"),
	newest: position.describe("where the live clients stand"),
});

export const streamKeySchema = z.object({
	index: index.describe("its number in `columns.key` on this connection"),
	key: z
		.string()
		.nullable()
		.describe("the same on every connection; null: records without a key"),
});

/** Sent after hello, and when a key appears. An index may later be given to another key. */
export const keysSchema = z.object({
	type: z.literal("keys"),
	keys: z.array(streamKeySchema).describe("those that are new"),
});

/**
 * The events of a frame. Within a key they are in the log's order, which need not be the order of
 * their times: sort by time to draw a line.
 */
export const streamColumnsSchema = z.object({
	key: z.array(index).describe("whose event it is, by `keys`"),
	timestamp: z.array(z.number()).describe("event time, ms since 1970"),
	partition: z
		.array(index)
		.optional()
		.describe("with `offset`: which record of the topic the event is"),
	offset: z
		.array(index)
		.optional()
		.describe("such as to join events with a table of the same records"),
	measures: z
		.record(z.string(), z.array(z.number().nullable()))
		.describe("one array a measure, by path; null where it has no value"),
});

const events = {
	position: position.describe("where the next event lies, for ?after="),
	sentAt: ms.describe("when the frame was made, ms since 1970"),
	columns: streamColumnsSchema.describe("all arrays have one length"),
};
export const streamSnapshotSchema = z.object({
	type: z.literal("snapshot"),
	...events,
	stream: z
		.string()
		.optional()
		.describe(
			"the topic and its definition; another one than before: the topic was made again or the definition changed, all old points are void",
		),
});
export const streamBatchSchema = z.object({
	type: z.literal("batch"),
	...events,
});
export const streamGapSchema = gapSchema.extend({
	count: z.int().min(0).describe("events skipped, of the subscribed keys"),
});

const example = z
	.string()
	.describe("the newest: topic, partition, offset, why");

/**
 * Records that are not shown, counted since the server began to read the stream. Sent after the
 * snapshot if there are any, and when they change, at most once a second.
 */
export const streamProblemsSchema = z.object({
	type: z.literal("problems"),
	records: z
		.array(
			z.object({
				reason: z.string().describe("why, such as: no time at t"),
				count: z.int().min(1).describe("records with this reason"),
				example,
			}),
		)
		.describe("records that could not be read, by reason"),
	ahead: z
		.object({
			count: z.int().min(0).describe("how many"),
			example: example.optional(),
		})
		.describe("records set aside: their time lies more than 1 h ahead"),
});

export const STREAM_ERROR_CODES = [
	...ERROR_CODES,
	/** The stream was removed from the catalog. */
	"stream-removed",
	/** The stream cannot be read, and trying again does not help. */
	"stream-failed",
] as const;
export type StreamErrorCode = (typeof STREAM_ERROR_CODES)[number];

/** Close codes in addition to CLOSE of v1. A changed definition closes with CLOSE.restart. */
export const STREAM_CLOSE = {
	/** After an error frame with `stream-removed` or `stream-failed`. */
	ended: 4004,
} as const;

/** The frames of a connection without `stream`. */
export const streamsFrameSchema = z.discriminatedUnion("type", [
	streamsSchema,
	pingSchema,
	errorSchema,
]);
/** The frames of a connection with `stream`. */
export const streamFrameSchema = z.discriminatedUnion("type", [
	streamHelloSchema,
	keysSchema,
	streamSnapshotSchema,
	streamBatchSchema,
	streamGapSchema,
	pingSchema,
	streamProblemsSchema,
	errorSchema,
]);

export type ShownStream = z.infer<typeof shownStreamSchema>;
export type StreamsFrame = z.infer<typeof streamsSchema>;
export type StreamHelloFrame = z.infer<typeof streamHelloSchema>;
export type StreamKey = z.infer<typeof streamKeySchema>;
export type KeysFrame = z.infer<typeof keysSchema>;
export type StreamColumns = z.infer<typeof streamColumnsSchema>;
export type StreamSnapshotFrame = z.infer<typeof streamSnapshotSchema>;
export type StreamBatchFrame = z.infer<typeof streamBatchSchema>;
export type StreamProblemsFrame = z.infer<typeof streamProblemsSchema>;
export type StreamsServerFrame = z.infer<typeof streamsFrameSchema>;
export type StreamServerFrame = z.infer<typeof streamFrameSchema>;
