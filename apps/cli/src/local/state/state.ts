/**
 * state.json: what the supervisor remembers on disk, for the other commands and for an `up` after
 * it was killed.
 */
import { readFileSync } from "node:fs";
import { z } from "zod";
import { CLI_EXIT, CliError } from "../../exit-codes.ts";
import { writeWhole } from "./write-whole.ts";

const identitySchema = z.object({
	pid: z.int().min(1),
	startTime: z.string().min(1),
});

const partRecordSchema = z.object({
	name: z.string(),
	state: z.enum(["starting", "running", "backoff", "failed", "stopped"]),
	/** The process of the part; null if it does not run. */
	process: identitySchema.nullable(),
	restarts: z.int().min(0),
	ports: z.record(z.string(), z.int()),
	/** Why it last ended; null if it never did. */
	lastError: z.string().nullable(),
	/** When it entered its state, ms since 1970. */
	since: z.number(),
	/** Only for a pipeline: a checksum of the files that it was started from. */
	pipeline: z.object({ sources: z.string() }).optional(),
	/** It has done all that it has to do, and needs no process: a pipeline with only streams. */
	finished: z.boolean().optional(),
});
export type PartRecord = z.infer<typeof partRecordSchema>;

const stateSchema = z.object({
	version: z.literal(1),
	target: z.literal("local"),
	/** stopping and stopped follow a request, or a failed start, which `problem` describes. */
	phase: z.enum(["starting", "ready", "stopping", "stopped"]),
	/** Why the start failed, for commands that wait for it; otherwise null. */
	problem: z.string().nullable(),
	/** The part that made the start fail, if it was one part. */
	problemPart: z.string().nullable(),
	page: z.string(),
	startedAt: z.number(),
	supervisor: identitySchema,
	/** The FIREWORKS_ variables that it was started with, including the ports that were chosen. */
	settings: z.record(z.string(), z.string()),
	parts: z.array(partRecordSchema),
});
export type SystemState = z.infer<typeof stateSchema>;

/**
 * The state; undefined if nothing was ever started. Throws CliError (config) if the file exists but
 * is invalid.
 */
export function readState(stateFile: string): SystemState | undefined {
	let text: string;
	try {
		text = readFileSync(stateFile, "utf8");
	} catch (error) {
		if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
		throw broken(stateFile, (error as Error).message, error);
	}
	try {
		return stateSchema.parse(JSON.parse(text));
	} catch (error) {
		throw broken(stateFile, "it is not what a supervisor wrote", error);
	}
}

const broken = (stateFile: string, what: string, cause: unknown) =>
	new CliError(
		CLI_EXIT.config,
		`The state file ${stateFile} cannot be read: ${what}.\n  What to do: check whether parts still run (\`ps\`), then remove that file. Kafka's data next to it stays.`,
		{ cause },
	);

export const writeState = (stateFile: string, state: SystemState): void =>
	writeWhole(stateFile, state);
