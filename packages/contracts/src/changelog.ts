/** The changelog's contract: keys, and what a position and a barrier hold. Every engine reads and writes these. */
import { z } from "zod";

/** Key of a state: `s/<key>`. A null value deletes it. */
export const STATE_PREFIX = "s/";
export const POSITION_KEY = "position";
export const BARRIER_KEY = "barrier";

/** Where a partition's owner stands: the next input offset, and what must not change under a running state. */
export const positionSchema = z.object({
	next: z.string().regex(/^\d{1,19}$/),
	partitions: z.int().min(1),
	config: z.record(z.string(), z.string()),
});
export type StagePosition = z.infer<typeof positionSchema>;

/** The metronome's position: its last tick, and how it counted. */
export const clockPositionSchema = z.object({
	seq: z.int().min(0),
	timestamp: z.int().min(0),
	epoch: z.int(),
	intervalMs: z.int().min(1),
	advanceMs: z.int().min(1),
});
export type ClockPosition = z.infer<typeof clockPositionSchema>;

/** Written by each new owner before it restores; reading stops at one's own. */
export const barrierSchema = z.object({
	id: z.string().min(1),
	owner: z.string(),
});
export type Barrier = z.infer<typeof barrierSchema>;

/** A device's state of the processor: its last applied tick and the path's value there. */
export const deviceStateSchema = z.object({
	seq: z.int().min(0),
	timestamp: z.int().min(0),
	value: z.number(),
});
export type DeviceState = z.infer<typeof deviceStateSchema>;

/** The state in a parsed text, checked by hand: a restore reads millions. Throws what the schema says of anything else. */
export function deviceState(json: unknown): DeviceState {
	const { seq, timestamp, value } = json as Partial<DeviceState>;
	return isWhole(seq) && isWhole(timestamp) && Number.isFinite(value)
		? (json as DeviceState)
		: deviceStateSchema.parse(json);
}

const isWhole = (x: unknown): x is number =>
	Number.isSafeInteger(x) && (x as number) >= 0;
