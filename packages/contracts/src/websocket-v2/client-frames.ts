/** What a client sends over `fireworks.v2`, and the query of its URL. */
import { z } from "zod";
import { pongSchema } from "../frames.ts";

/**
 * All optional. `key` (repeatable) and `windowMs` act as a first `subscribe`, so a resume is exact
 * for that subscription too. Without `stream`: the list of streams.
 */
export const STREAM_QUERY = {
	stream: "stream",
	after: "after",
	key: "key",
	windowMs: "windowMs",
	ticket: "ticket",
} as const;

/** A hundred years: the data may be that old. */
const WINDOW_MAX_MS = 3_155_760_000_000;

export const streamSubscribeSchema = z.object({
	type: z.literal("subscribe"),
	keys: z
		.array(z.string().min(1).max(1_024))
		.max(10_000)
		.nullable()
		.describe("the keys wanted, known or not; null for all"),
	windowMs: z
		.int()
		.min(1_000)
		.max(WINDOW_MAX_MS)
		.describe(
			"how far the snapshot goes back from the clock, or from the newest event if no event is that new, ms of event time",
		),
});
export const streamClientFrameSchema = z.discriminatedUnion("type", [
	pongSchema,
	streamSubscribeSchema,
]);
export type StreamClientFrame = z.infer<typeof streamClientFrameSchema>;
