/**
 * The changelog's contract: its keys, and the contents of positions and barriers. Every engine
 * reads and writes these records.
 */
import { z } from "zod";

/** Key of a state: `s/<key>`. A null value deletes the state. */
export const STATE_PREFIX = "s/";
/**
 * Key of a key's timers: `t/<key>`. The value is a JSON array of times in ascending order, ms since
 * 1970; null: it has none. Only stages with timers write it.
 */
export const TIMER_PREFIX = "t/";
/** Key of the record that lists a key's resets: `reset/<key>`. */
export const RESET_PREFIX = "reset/";
export const POSITION_KEY = "position";
export const BARRIER_KEY = "barrier";

/**
 * Ids of the topics that the states belong to. An id is absent if the broker does not provide one.
 */
export const topicIdsSchema = z.object({
	input: z.string().optional(),
	output: z.string().optional(),
	changelog: z.string().optional(),
	/** Ids of the inputs after the first, by name. */
	inputs: z.record(z.string(), z.string()).optional(),
});
export type StageTopicIds = z.infer<typeof topicIdsSchema>;

/**
 * How far a partition's owner has come: the next input offset, and the configuration that must not
 * change while a state exists.
 */
export const positionSchema = z.object({
	next: z.string().regex(/^\d{1,19}$/),
	partitions: z.int().min(1),
	config: z.record(z.string(), z.string()),
	/** Absent in positions that older versions wrote. */
	topicIds: topicIdsSchema.optional(),
	/** The next offsets of the inputs after the first, by topic. Absent: there is one input. */
	inputs: z.record(z.string(), z.string().regex(/^\d{1,19}$/)).optional(),
	/** The event-time clock, ms since 1970. Only stages with a clock write it. */
	clock: z.int().optional(),
});
export type StagePosition = z.infer<typeof positionSchema>;

/** The metronome's position: its last tick and its counting settings. */
export const clockPositionSchema = z.object({
	seq: z.int().min(0),
	timestamp: z.int().min(0),
	epoch: z.int(),
	intervalMs: z.int().min(1),
	advanceMs: z.int().min(1),
});
export type ClockPosition = z.infer<typeof clockPositionSchema>;

/**
 * Each new owner writes a barrier before it restores. It reads the changelog up to its own barrier.
 */
export const barrierSchema = z.object({
	id: z.string().min(1),
	owner: z.string(),
});
export type Barrier = z.infer<typeof barrierSchema>;

/** Prefix of owners that only reset a key and then leave the partition to its previous owner. */
export const RESET_OWNER_PREFIX = "reset/";
export const RESETS_KEPT_MAX = 100;
/**
 * The input offsets at which a key started again without a state, in ascending order. Beyond the
 * limit the oldest are dropped.
 */
export const resetsSchema = z.object({
	at: z.array(z.string().regex(/^\d{1,19}$/)).max(RESETS_KEPT_MAX),
});
export type Resets = z.infer<typeof resetsSchema>;

/** The processor's state of a device: its last applied tick and the path's value at that tick. */
export const deviceStateSchema = z.object({
	seq: z.int().min(0),
	timestamp: z.int().min(0),
	value: z.number(),
});
export type DeviceState = z.infer<typeof deviceStateSchema>;

/**
 * Reads the state from parsed JSON. The checks are written by hand for speed, because a restore
 * reads millions of states. Throws the schema's error for invalid input.
 */
export function deviceState(json: unknown): DeviceState {
	const { seq, timestamp, value } = json as Partial<DeviceState>;
	return isWhole(seq) && isWhole(timestamp) && Number.isFinite(value)
		? (json as DeviceState)
		: deviceStateSchema.parse(json);
}

const isWhole = (x: unknown): x is number =>
	Number.isSafeInteger(x) && (x as number) >= 0;
