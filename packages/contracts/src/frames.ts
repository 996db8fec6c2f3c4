/** Frames of the websocket protocol `fireworks.v1`: JSON text, one object per frame. */
import { z } from "zod";

export const PROTOCOL = "fireworks.v1";
export const WEBSOCKET_PATH = "/ws";
/** The path at which the page's server relays the websocket of a second engine. */
export const COMPARE_WEBSOCKET_PATH = "/compare/ws";
/**
 * Header with FIREWORKS_RELAY_SECRET. The relay sends it on its connections to the middleware to
 * identify itself.
 */
export const RELAY_HEADER = "x-fireworks-relay";

const ms = z.number().describe("ms since 1970");
const position = z
	.string()
	.describe("opaque: a place in the stream, for ?after=");
const index = z.int().min(0);

export const helloSchema = z.object({
	type: z.literal("hello"),
	protocol: z.literal(PROTOCOL).describe("what the server speaks"),
	serverTime: ms.describe("the server's clock, ms since 1970"),
	engine: z.string().describe("what computes the stream, for people's eyes"),
	deviceCount: z.int().min(0).describe("devices known now, of all"),
	batchMs: z.int().min(1).describe("least time between two batches, ms"),
	pingMs: z.int().min(1).describe("time between two pings, ms"),
	oldest: position.describe("the oldest place to resume from"),
	newest: position.describe("where the live clients stand"),
	names: z
		.record(z.string(), z.string())
		.optional()
		.describe("what people call `key`, `value`, `increment`, if set"),
	units: z
		.record(z.string(), z.string())
		.optional()
		.describe("units of `value`, `increment`, if set"),
});

export const deviceSchema = z.object({
	index: index.describe("its number in `columns.device` on this connection"),
	deviceId: z.string().describe("its name: the same on every connection"),
	drift: z.number().describe("1/s, of its newest record"),
	volatility: z.number().describe("1/sqrt(s), of its newest record"),
});

/**
 * Sent after hello, and when a device appears or changes. `index` identifies the device in the
 * `device` column of events on this connection.
 */
export const devicesSchema = z.object({
	type: z.literal("devices"),
	devices: z.array(deviceSchema).describe("those that are new or changed"),
});

export const columnsSchema = z.object({
	device: z.array(index).describe("whose event it is, by `devices`"),
	seq: z.array(index).describe("its number; rises for each device"),
	timestamp: z.array(z.number()).describe("event time, ms since 1970"),
	dt: z
		.array(z.number())
		.describe("s since the device's event before; 0 at its first"),
	increment: z.array(z.number()).describe("change of the value in that time"),
	value: z.array(z.number()).describe("the value"),
});

const events = {
	position: position.describe("where the next event lies, for ?after="),
	sentAt: ms.describe("when the frame was made, ms since 1970"),
	columns: columnsSchema.describe("one array a column, all of one length"),
};
export const snapshotSchema = z.object({
	type: z.literal("snapshot"),
	...events,
	stream: z
		.string()
		.optional()
		.describe(
			"another one than before: the topic was made again, all old points are void",
		),
});
export const batchSchema = z.object({ type: z.literal("batch"), ...events });
export const gapSchema = z.object({
	type: z.literal("gap"),
	from: position.describe("where the skipped events begin"),
	to: position.describe("where the stream goes on, for ?after="),
	count: z.int().min(0).describe("events skipped, of the subscribed devices"),
});
export const pingSchema = z.object({
	type: z.literal("ping"),
	serverTime: ms.describe("the server's clock, ms since 1970"),
});
/** Problems of the stream's data. Sent after hello if there are any, and whenever they change. */
export const problemsSchema = z.object({
	type: z.literal("problems"),
	records: z
		.array(
			z.object({
				reason: z.string().describe("why, such as: no time at t"),
				count: z.int().min(1).describe("records, since the server started"),
				example: z
					.string()
					.describe("the newest of them: topic, partition, offset, or device"),
			}),
		)
		.describe("records that are left out, or look wrong"),
	refused: z
		.array(
			z.object({
				deviceId: z
					.string()
					.describe("whose records are refused one after the other"),
				code: z.string().describe("why, newest: the dead letter's error-code"),
				count: z.int().min(1).describe("refused in a row"),
				since: ms.describe("the first of them, ms since 1970"),
				acceptedMs: z
					.number()
					.nullable()
					.describe("its newest accepted event time; null where none is held"),
			}),
		)
		.describe("the devices that were refused last, of all that are"),
	refusedDevices: z.int().min(0).describe("devices that are refused, in all"),
});
/**
 * Why the server closes a connection on its own initiative. The code is in the error frame and in
 * the close reason.
 */
export const ERROR_CODES = [
	/** The client sent an invalid frame. */
	"bad-frame",
	/** The client sends more frames than allowed. */
	"too-many-frames",
	/** The client stayed too slow; see `gap`. */
	"slow-client",
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];
/** Clients accept any code, because a newer server may have more. */
export const errorSchema = z.object({
	type: z.literal("error"),
	code: z.string().describe("why, for programs; also the close's reason"),
	message: z.string().describe("why, for people"),
});

/**
 * Close codes of the server, in addition to those of RFC 6455 (1007 and 1009 for invalid or too
 * large text frames).
 */
export const CLOSE = {
	/** After an error frame with `bad-frame` or `too-many-frames`. */
	policy: 1008,
	/**
	 * The server restarts. The reason is `retry-after-ms=<n>`. The delays are spread out over the
	 * clients.
	 */
	restart: 1012,
	/** After an error frame with `slow-client`. */
	slow: 4000,
} as const;

/**
 * Query parameters of the websocket's address, all optional. deviceId (repeatable) and windowMs act
 * as a first `subscribe`, so a resume is exact for that subscription too.
 */
export const CONNECT_QUERY = {
	after: "after",
	deviceId: "deviceId",
	windowMs: "windowMs",
	ticket: "ticket",
} as const;

export const serverFrameSchema = z.discriminatedUnion("type", [
	helloSchema,
	devicesSchema,
	snapshotSchema,
	batchSchema,
	gapSchema,
	pingSchema,
	errorSchema,
	problemsSchema,
]);

export const pongSchema = z.object({
	type: z.literal("pong"),
	serverTime: ms.describe("the ping's, given back"),
});
export const subscribeSchema = z.object({
	type: z.literal("subscribe"),
	deviceIds: z
		.array(z.string().min(1).max(256))
		.max(10_000)
		.nullable()
		.describe("names of the devices wanted, known or not; null for all"),
	windowMs: z
		.int()
		.min(1_000)
		.max(86_400_000)
		.describe("how far back the snapshot goes, ms of event time"),
});
export const clientFrameSchema = z.discriminatedUnion("type", [
	pongSchema,
	subscribeSchema,
]);

export type HelloFrame = z.infer<typeof helloSchema>;
export type Device = z.infer<typeof deviceSchema>;
export type DevicesFrame = z.infer<typeof devicesSchema>;
export type Columns = z.infer<typeof columnsSchema>;
export type SnapshotFrame = z.infer<typeof snapshotSchema>;
export type BatchFrame = z.infer<typeof batchSchema>;
export type GapFrame = z.infer<typeof gapSchema>;
export type PingFrame = z.infer<typeof pingSchema>;
export type ProblemsFrame = z.infer<typeof problemsSchema>;
export type ErrorFrame = z.infer<typeof errorSchema>;
export type ServerFrame = z.infer<typeof serverFrameSchema>;
export type ClientFrame = z.infer<typeof clientFrameSchema>;
