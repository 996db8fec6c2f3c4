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
import { eventTimeOf } from "./keyed-steps.ts";

/** How long the records of one input wait for those of another that are known to exist. */
const WAIT_MAX_MS = 1_000;
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
}

export class InputBuffer {
	readonly #inputs: Input[];
	#waitingSince: number | undefined;

	/** Starts at an offset for each input. ends: where the inputs end, as far as is known. */
	constructor(nexts: readonly number[], ends: readonly number[]) {
		this.#inputs = nexts.map((next, i) => ({
			records: [],
			i: 0,
			read: next,
			end: ends[i] ?? next,
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
		let missing = false;
		for (const { records, i, read, end } of this.#inputs) {
			const record = records[i];
			if (record === undefined) missing ||= read < end;
			else if (first === undefined || eventTimeOf(record) < eventTimeOf(first))
				first = record;
		}
		if (first === undefined || !missing) {
			this.#waitingSince = undefined;
			return first;
		}
		this.#waitingSince ??= now;
		return now - this.#waitingSince < WAIT_MAX_MS ? undefined : first;
	}

	/** Removes the record that `peek` has returned. */
	take(record: LogRecord): void {
		for (const input of this.#inputs)
			if (input.records[input.i] === record) {
				input.i++;
				return;
			}
	}

	#at(input: number): Input {
		const found = this.#inputs[input];
		if (found === undefined) throw new Error(`there is no input ${input}`);
		return found;
	}
}
