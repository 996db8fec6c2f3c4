/** Records that come too late, as a side output. */
import { z } from "zod";
import type { StageRecord } from "../stage/define-stage.ts";
import type { Stream, StreamOutput } from "./operator.ts";
import type { Span } from "./window.ts";

/** What the stream of late records holds: one value for each late record. */
export interface LateRecord<V> {
	/** The input that it came from. */
	readonly input: string;
	readonly value: V;
	/** Its event time. */
	readonly timestamp: number;
	/** The event-time clock when it came. */
	readonly streamTime: number;
	/** The windows that it missed. Empty for a join. It is in its other windows. */
	readonly windows: readonly Span[];
}

/** The stream of the late records of an input. */
export const lateStream = <V>(
	name: string,
	value: z.ZodType<V>,
): Stream<LateRecord<V>> => ({
	name,
	schema: z.object({
		input: z.string(),
		value,
		timestamp: z.int(),
		streamTime: z.int(),
		windows: z.array(z.object({ start: z.int(), end: z.int() })),
	}),
});

/** A late record has its event time, so downstream it is as late as it was here. */
export const lateOutput = <V>(
	to: Stream<LateRecord<V>>,
	input: string,
	{ key, value, timestamp }: StageRecord<V>,
	streamTime: number,
	windows: readonly Span[],
): StreamOutput<LateRecord<V>> => ({
	to,
	key,
	timestamp,
	value: { input, value, timestamp, streamTime, windows },
});
