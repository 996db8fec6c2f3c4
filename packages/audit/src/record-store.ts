/** Lets the audit read ticks and Wiener records from elsewhere, such as the tables of the lake. */
import type { OffsetRange } from "@fireworks/streams";
import type { LogRecord } from "./types.ts";

export interface RecordStore {
	/**
	 * Waits until the store holds the topic up to its end, and keeps what it then holds for
	 * `records`. Returns the ranges, each with the oldest offset that the store holds as `low`.
	 *
	 * last: by partition, the last committed record below the range's end.
	 *
	 * @throws CouldNotTell if the store does not get there in time
	 */
	hold(
		topic: string,
		ranges: readonly OffsetRange[],
		last: ReadonlyMap<number, number>,
	): Promise<readonly OffsetRange[]>;
	/**
	 * The records of the range in batches, in offset order. kafka: those that the topic still
	 * holds, for a comparison.
	 */
	records(
		topic: string,
		range: OffsetRange,
		kafka: AsyncIterable<readonly LogRecord[]>,
	): AsyncIterable<readonly LogRecord[]>;
}
