/** What the supervisor remembers on disk, for the other words and for an `up` after it was killed. */
import { z } from "zod";
import { LOCAL_PART_NAMES } from "../part-names.ts";

const identitySchema = z.object({
	pid: z.int().min(1),
	startTime: z.string().min(1),
});

export const partRecordSchema = z.object({
	name: z.enum(LOCAL_PART_NAMES),
	state: z.enum(["starting", "running", "backoff", "failed", "stopped"]),
	/** The service itself; null while there is none. */
	process: identitySchema.nullable(),
	restarts: z.int().min(0),
	ports: z.record(z.string(), z.int()),
	/** Why it ended last; null where it never did. */
	lastError: z.string().nullable(),
	/** When it came into its state, ms since 1970. */
	since: z.number(),
});
export type PartRecord = z.infer<typeof partRecordSchema>;

export const stateSchema = z.object({
	version: z.literal(1),
	target: z.literal("local"),
	/** stopping and stopped: asked to, or after a start that failed; `problem` tells. */
	phase: z.enum(["starting", "ready", "stopping", "stopped"]),
	/** Why the start failed, for whoever waits for it; null otherwise. */
	problem: z.string().nullable(),
	/** The part whose fault it is, where it is one part's. */
	problemPart: z.enum(LOCAL_PART_NAMES).nullable(),
	page: z.string(),
	startedAt: z.number(),
	supervisor: identitySchema,
	/** The FIREWORKS_ variables that it was started with, ports as they were chosen. */
	settings: z.record(z.string(), z.string()),
	parts: z.array(partRecordSchema),
});
export type SystemState = z.infer<typeof stateSchema>;
