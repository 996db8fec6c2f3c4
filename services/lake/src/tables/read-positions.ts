/** How far a session has read its topic, by partition, and what retention took before that. */
import type { Positions } from "@fireworks/lake";
import type { OffsetRange } from "@fireworks/streams";

export class ReadPositions {
	/** Offsets moved since the last commit. */
	moved = false;
	readonly #next: Map<number, number>;
	readonly #onDeleted: (partition: number, from: number, to: number) => void;
	/** The first offset that the log still has, by partition, at the last look. */
	#lows: readonly number[] = [];

	/**
	 * onDeleted: called for offsets that were deleted from the topic before they were read. They are
	 * passed over.
	 */
	constructor(
		positions: Positions,
		onDeleted: (partition: number, from: number, to: number) => void,
	) {
		this.#next = new Map(positions);
		this.#onDeleted = onDeleted;
	}

	/** Before the first record. Throws if the topic ends before the positions. */
	begin(topic: string, ranges: readonly OffsetRange[]): void {
		const isNew = this.#next.size === 0;
		for (const { partition, low, high } of ranges) {
			const at = this.#next.get(partition);
			if (at !== undefined && at > high)
				throw new Error(
					`partition ${partition} of ${topic} ends at offset ${high}, but the table stands for records up to ${at}: Kafka has lost records, or has not recovered yet`,
				);
			// Of a table that begins now, nothing is missing.
			if (at === undefined && isNew) this.#next.set(partition, low);
			else if ((at ?? 0) < low) this.#passOver(partition, at ?? 0, low);
		}
	}

	/** The offset to read next. */
	next(partition: number): number {
		return this.#next.get(partition) ?? 0;
	}

	moveTo(partition: number, next: number): void {
		this.#next.set(partition, next);
		this.moved = true;
	}

	/**
	 * The reader has come to an offset. A gap in front of it is usually the end of a transaction;
	 * only below the log's start it is a loss.
	 */
	reach(partition: number, offset: number): void {
		const next = this.next(partition);
		const low = Math.min(this.#lows[partition] ?? 0, offset);
		if (low > next) this.#passOver(partition, next, low);
	}

	/** Returns how many offsets there are from here to the ends. */
	looked(ranges: readonly OffsetRange[]): number {
		this.#lows = ranges.map(({ low }) => low);
		return ranges
			.map(({ partition, high }) => Math.max(0, high - this.next(partition)))
			.reduce((sum, unread) => sum + unread, 0);
	}

	copy(): Positions {
		return new Map(this.#next);
	}

	#passOver(partition: number, from: number, to: number): void {
		this.#onDeleted(partition, from, to);
		this.moveTo(partition, to);
	}
}
