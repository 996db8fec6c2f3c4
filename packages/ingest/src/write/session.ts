/**
 * Writes the rows of a file from where the last run stopped: one transaction after the other, each
 * with records, dead letters, and the new position. While one is written the next is made.
 */
import type { Clock, OutgoingRecord, Source } from "@fireworks/streams";
import type { RowChunk, SourceFile } from "../read/source-file.ts";
import { deadLetterOf, type RowEncoder, type RowRefusal } from "./encode.ts";
import { Pace, type PaceOptions, STEP_MS } from "./pace.ts";
import {
	type FileIdentity,
	type FileProgress,
	type IngestPosition,
	withProgress,
} from "./position.ts";

export interface SessionOptions {
	source: Source;
	position: IngestPosition;
	file: SourceFile;
	identity: FileIdentity;
	encoder: RowEncoder;
	stream: string;
	deadLetterTopic: string;
	deadLetterPartitions: number;
	pace: PaceOptions;
	/** Move the times so that the first row is now. Only at the file's beginning. */
	shiftToNow: boolean;
	clock: Clock;
	signal: AbortSignal;
	onProgress(progress: FileProgress): void;
}

/** About 1 MB of records of 100 bytes. */
const ROWS_A_TRANSACTION = 10_000;
const BYTES_A_TRANSACTION = 4_000_000;

export class IngestSession {
	readonly #options: SessionOptions;
	#progress: FileProgress;
	#records: OutgoingRecord[] = [];
	#deadLetters: OutgoingRecord[] = [];
	#bytes = 0;
	#inFlight: Promise<void> | undefined;
	#lastDue = 0;
	#firstDue = Number.POSITIVE_INFINITY;

	constructor(options: SessionOptions) {
		this.#options = options;
		const { identity, position } = options;
		this.#progress = position.files[identity.path] ?? {
			size: identity.size,
			hash: identity.hash,
			rows: 0,
			written: 0,
			refused: {},
			shiftMs: 0,
			done: false,
		};
	}

	/** Returns the progress: done, unless the signal was aborted. */
	async run(): Promise<FileProgress> {
		const { file, encoder, signal, clock, pace: paceOptions } = this.#options;
		const pace = new Pace(paceOptions, clock);
		encoder.shiftMs = this.#progress.shiftMs;
		const begins = this.#progress.rows;
		let row = begins;
		for await (const chunk of file.rows(begins)) {
			if (row === 0) this.#shift(chunk);
			for (let at = 0; at < chunk.count; at++, row++) {
				if (signal.aborted) return this.#end();
				if (pace.limited)
					await this.#pace(pace, encoder.timeOf(chunk, at), row);
				await this.#take(chunk, at, row);
				if (
					this.#records.length + this.#deadLetters.length >=
						ROWS_A_TRANSACTION ||
					this.#bytes >= BYTES_A_TRANSACTION
				)
					await this.#commit(row + 1);
			}
			if (this.#inFlight === undefined) await this.#commit(row);
		}
		await this.#leftOut(row);
		this.#progress = { ...this.#progress, done: true };
		await this.#commit(this.#progress.rows, true);
		return this.#end();
	}

	async #pace(pace: Pace, time: number | undefined, row: number) {
		const due = pace.due(time);
		const full = due - this.#firstDue > STEP_MS;
		if (full) {
			await this.#commit(row);
			this.#firstDue = due;
		} else this.#firstDue = Math.min(this.#firstDue, due);
		this.#lastDue = due;
		if (full) await pace.until(this.#lastDue, this.#options.signal);
	}

	#shift(chunk: RowChunk): void {
		const { shiftToNow, encoder, clock } = this.#options;
		if (!shiftToNow) return;
		for (let at = 0; at < chunk.count; at++) {
			const first = encoder.timeOf(chunk, at);
			if (first === undefined) continue;
			encoder.shiftMs = Math.round(clock.now() - first);
			this.#progress = { ...this.#progress, shiftMs: encoder.shiftMs };
			return;
		}
	}

	async #take(chunk: RowChunk, at: number, row: number): Promise<void> {
		const { encoder, file } = this.#options;
		const encoded = encoder.encode(chunk, at, row);
		if ("record" in encoded) {
			this.#records.push(encoded.record);
			this.#bytes += 100 + (encoded.record.value?.length ?? 0);
			return;
		}
		const broken = chunk.broken?.get(at);
		const text =
			broken?.text ??
			JSON.stringify(
				Object.fromEntries(
					file.columns.map(({ name }, i) => [
						name,
						chunk.values[i]?.[at] ?? null,
					]),
				),
				(_key, value) => (typeof value === "bigint" ? String(value) : value),
			);
		const line = broken?.line ?? (await file.lineOf(row));
		this.#refuse(encoded.refusal, row, line, text);
	}

	#refuse(
		refusal: RowRefusal,
		row: number,
		line: number | undefined,
		text: string,
	): void {
		const { identity, stream, clock, deadLetterPartitions } = this.#options;
		const partition = row % deadLetterPartitions;
		this.#deadLetters.push(
			deadLetterOf(
				{ stream, path: identity.path, row, line, refusal, text, partition },
				clock.now(),
			),
		);
		this.#bytes += 500 + text.length;
		this.#count(refusal.code);
	}

	#count(code: string): void {
		const { refused } = this.#progress;
		this.#progress = {
			...this.#progress,
			refused: { ...refused, [code]: (refused[code] ?? 0) + 1 },
		};
	}

	/**
	 * Rows that are not rows, which come after all others. The position counts them as rows, so a
	 * run that stops between them continues with the next one.
	 */
	async #leftOut(rows: number): Promise<void> {
		const rest = await this.#options.file.leftOut();
		let row = rows;
		for (const { line, message, text } of rest) {
			this.#refuse({ code: "bad-row", message }, row, line, text);
			row++;
			if (this.#deadLetters.length >= ROWS_A_TRANSACTION)
				await this.#commit(row);
		}
		await this.#commit(row);
	}

	/** Starts the transaction once the one before has ended. rows: read so far. */
	async #commit(rows: number, last = false): Promise<void> {
		if (this.#records.length + this.#deadLetters.length === 0 && !last) return;
		await this.#inFlight;
		const { source, stream, deadLetterTopic, clock, identity, position } =
			this.#options;
		const progress = {
			...this.#progress,
			rows,
			written: this.#progress.written + this.#records.length,
		};
		this.#progress = progress;
		const records = new Map([
			...(this.#records.length > 0 ? [[stream, this.#records] as const] : []),
			...(this.#deadLetters.length > 0
				? [[deadLetterTopic, this.#deadLetters] as const]
				: []),
		]);
		this.#records = [];
		this.#deadLetters = [];
		this.#bytes = 0;
		const written = source
			.commit(
				records,
				withProgress(position, identity.path, progress),
				clock.now(),
			)
			.then(() => {
				this.#inFlight = undefined;
				this.#options.onProgress(progress);
			});
		written.catch(() => {});
		this.#inFlight = written;
	}

	async #end(): Promise<FileProgress> {
		await this.#inFlight;
		return this.#progress;
	}
}
