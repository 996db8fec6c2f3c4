/**
 * The records of several inputs that wait to be processed, given out in the order of their event
 * times. At the same time the input that the stage names first comes first, so a table belongs
 * before the stream that reads it.
 *
 * If an input is known to have more records, but they have not come yet, the others wait for it:
 * otherwise a restart would read a whole stream before the first record of its table. They wait for
 * a bounded time, so that an input that cannot be read does not stop the stage forever.
 */
import type { GroupBatch, LogRecord } from "../log.ts";

/**
 * How long the records of one input wait for those of another that are known to exist. On a busy
 * machine a fetch takes seconds, and a join that goes on without its table is wrong for good.
 */
const WAIT_MAX_MS = 10_000;
/** An input is not read further while it has so many records here. */
const WAITING_MAX = 4_000;

interface Input {
	records: readonly LogRecord[];
	/** Index of the next record to process. */
	i: number;
	/** Everything below this offset is here, or was processed. */
	read: number;
	/** Records exist below this offset. */
	end: number;
	/** The event time of the next record, once it is known. */
	time: number | undefined;
}

export interface InputBufferOptions {
	/** The event time of a record, ms since 1970. */
	timeOf(record: LogRecord): number;
	/** Called once when records go on without those of an input that have not come for so long. */
	onGivenUp(input: number, waitedMs: number): void;
}

export class InputBuffer {
	readonly #inputs: Input[];
	readonly #options: InputBufferOptions;
	#waitingSince: number | undefined;
	#givenUp = false;

	/** Starts at an offset for each input. ends: where the inputs end, as far as is known. */
	constructor(
		nexts: readonly number[],
		ends: readonly number[],
		options: InputBufferOptions,
	) {
		this.#options = options;
		this.#inputs = nexts.map((next, i) => ({
			records: [],
			i: 0,
			read: next,
			end: ends[i] ?? next,
			time: undefined,
		}));
	}

	/** The next offset to process of each input. */
	get nexts(): readonly number[] {
		return this.#inputs.map(
			({ records, i, read }) => records[i]?.offset ?? read,
		);
	}

	/** The next offset to read of an input. */
	read(input: number): number {
		return this.#at(input).read;
	}

	/** Number of records known to wait, here or in the log. */
	get lag(): number {
		return this.#inputs.reduce(
			(n, { records, i, read, end }) =>
				n + records.length - i + Math.max(0, end - read),
			0,
		);
	}

	/** Whether an input has so many records here that it is not to be read further. */
	full(input: number): boolean {
		const { records, i } = this.#at(input);
		return records.length - i >= WAITING_MAX;
	}

	/** Takes a batch that begins at or below the next offset to read. */
	add(input: number, batch: GroupBatch): void {
		const one = this.#at(input);
		const fresh = batch.records.filter(({ offset }) => offset >= one.read);
		if (fresh.length > 0) {
			one.records = [...one.records.slice(one.i), ...fresh];
			one.i = 0;
		}
		one.read = Math.max(one.read, batch.nextOffset);
		one.end = Math.max(one.end, batch.highWatermark);
	}

	/** The record to process next; undefined: none, or it has to wait. now: the wall clock. */
	peek(now: number): LogRecord | undefined {
		let first: LogRecord | undefined;
		let firstTime = Number.POSITIVE_INFINITY;
		let missing: number | undefined;
		for (const [i, input] of this.#inputs.entries()) {
			const record = input.records[input.i];
			if (record === undefined) {
				if (input.read < input.end) missing ??= i;
				continue;
			}
			input.time ??= this.#options.timeOf(record);
			if (first !== undefined && input.time >= firstTime) continue;
			first = record;
			firstTime = input.time;
		}
		if (first === undefined || missing === undefined) {
			this.#waitingSince = undefined;
			this.#givenUp = false;
			return first;
		}
		this.#waitingSince ??= now;
		const waitedMs = now - this.#waitingSince;
		if (waitedMs < WAIT_MAX_MS) return undefined;
		if (!this.#givenUp) this.#options.onGivenUp(missing, waitedMs);
		this.#givenUp = true;
		return first;
	}

	/** Removes the record that `peek` has returned. */
	take(record: LogRecord): void {
		for (const input of this.#inputs)
			if (input.records[input.i] === record) {
				input.i++;
				input.time = undefined;
				return;
			}
	}

	#at(input: number): Input {
		const found = this.#inputs[input];
		if (found === undefined) throw new Error(`there is no input ${input}`);
		return found;
	}
}
