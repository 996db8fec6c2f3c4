/**
 * How far each file of a stream has been read. It is written in the transaction of the records, so
 * after any crash the next run continues with exactly the next row.
 */
import { createHash } from "node:crypto";
import { open, realpath } from "node:fs/promises";
import { StreamsError } from "@fireworks/streams";
import { z } from "zod";

const progressSchema = z.object({
	size: z.int(),
	/** Of the file's beginning and end. */
	hash: z.string(),
	/** Rows of the file that were read: written or refused. */
	rows: z.int().min(0),
	written: z.int().min(0),
	refused: z.record(z.string(), z.int()),
	/** Added to every event time (--shift). */
	shiftMs: z.number(),
	done: z.boolean(),
});
export type FileProgress = z.infer<typeof progressSchema>;

const positionSchema = z.object({
	files: z.record(z.string(), progressSchema),
});
export type IngestPosition = z.infer<typeof positionSchema>;

/** The files read last. A position must fit into a record. */
const FILES_KEPT = 1_000;

export const changelogOf = (stream: string): string => `${stream}-ingest`;
export const transactionalIdOf = (stream: string): string => `ingest-${stream}`;

export function positionOf(value: unknown): IngestPosition {
	if (value === undefined) return { files: {} };
	const { data, error } = positionSchema.safeParse(value);
	if (data !== undefined) return data;
	throw new StreamsError(
		"changelog-unreadable",
		`the position of an ingest is not one: ${JSON.stringify(value).slice(0, 200)}`,
		{ cause: error },
	);
}

/** The position with this file's progress, which becomes the newest. */
export function withProgress(
	{ files }: IngestPosition,
	path: string,
	progress: FileProgress,
): IngestPosition {
	const others = Object.entries(files).filter(([name]) => name !== path);
	return {
		files: Object.fromEntries([
			...others.slice(-(FILES_KEPT - 1)),
			[path, progress],
		]),
	};
}

export interface FileIdentity {
	readonly path: string;
	readonly size: number;
	readonly hash: string;
}

const HASHED_BYTES = 65_536;

/** Identifies the file's content well enough to notice that it was replaced or has grown. */
export async function identityOf(path: string): Promise<FileIdentity> {
	const file = await open(path);
	try {
		const { size } = await file.stat();
		const hash = createHash("sha256");
		for (const from of new Set([0, Math.max(0, size - HASHED_BYTES)])) {
			const { buffer, bytesRead } = await file.read(
				Buffer.alloc(HASHED_BYTES),
				0,
				HASHED_BYTES,
				from,
			);
			hash.update(buffer.subarray(0, bytesRead));
		}
		return { path: await realpath(path), size, hash: hash.digest("hex") };
	} finally {
		await file.close();
	}
}
