/**
 * A partition: records and transaction markers at increasing offsets, with gaps where compaction
 * removed some.
 *
 * As in Kafka, every marker and every aborted record has an offset that readers never receive.
 * Nothing from the first record of an open transaction on is readable; that offset is the last
 * stable offset.
 */
import type { LogRecord } from "../log.ts";

/** The part of a transaction in one partition. */
export interface PartitionTransaction {
	state: "open" | "committed" | "aborted";
	firstOffset: number | undefined;
}

interface Entry {
	readonly offset: number;
	/** undefined: a marker that ends a transaction. */
	readonly record: LogRecord | undefined;
	readonly transaction: PartitionTransaction | undefined;
}

/** The result of a read from an offset on. */
export interface Slice {
	readonly fetchedOffset: number;
	readonly records: readonly LogRecord[];
	readonly nextOffset: number;
	readonly highWatermark: number;
}

export class MemoryPartition {
	readonly #topic: string;
	readonly #partition: number;
	#entries: Entry[] = [];
	readonly #open = new Set<PartitionTransaction>();
	readonly #waiting = new Set<() => void>();
	#low = 0;
	#high = 0;

	constructor(topic: string, partition: number) {
		this.#topic = topic;
		this.#partition = partition;
	}

	/** The first offset that retention has kept. */
	get low(): number {
		return this.#low;
	}

	/** The offset of the next record or marker. */
	get high(): number {
		return this.#high;
	}

	/** Everything below this offset can be read. */
	get lastStableOffset(): number {
		let stable = this.#high;
		for (const { firstOffset = stable } of this.#open)
			stable = Math.min(stable, firstOffset);
		return stable;
	}

	/**
	 * Appends records and returns the first one's offset. transaction: decides whether readers ever
	 * see them.
	 */
	append(
		records: readonly Omit<LogRecord, "offset" | "partition" | "topic">[],
		transaction?: PartitionTransaction,
	): number {
		const base = this.#high;
		if (transaction !== undefined) {
			transaction.firstOffset ??= base;
			this.#open.add(transaction);
		}
		for (const record of records) {
			const offset = this.#high++;
			this.#entries.push({
				offset,
				record: {
					...record,
					topic: this.#topic,
					partition: this.#partition,
					offset,
				},
				transaction,
			});
		}
		this.#wake();
		return base;
	}

	/**
	 * Ends a transaction with a marker. As in Kafka a transaction that wrote nothing here gets a
	 * marker too.
	 */
	end(transaction: PartitionTransaction, state: "committed" | "aborted"): void {
		transaction.state = state;
		this.#open.delete(transaction);
		this.#entries.push({
			offset: this.#high++,
			record: undefined,
			transaction,
		});
		this.#wake();
	}

	/**
	 * Reads at most this many offsets from one on; committed records only, unless `uncommitted` is
	 * set. undefined: nothing to read there yet. Throws RangeError outside of the log.
	 */
	read(
		from: number,
		offsetsMax: number,
		uncommitted = false,
	): Slice | undefined {
		if (from < this.#low || from > this.#high)
			throw new RangeError(`offset ${from} of ${this.#low} to ${this.#high}`);
		const stable = uncommitted ? this.#high : this.lastStableOffset;
		if (from >= stable) return undefined;
		const records: LogRecord[] = [];
		let nextOffset = stable;
		let taken = 0;
		for (let i = this.#indexOf(from); i < this.#entries.length; i++) {
			const entry = this.#entries[i] as Entry;
			if (entry.offset >= stable) break;
			if (taken++ === offsetsMax) {
				nextOffset = entry.offset;
				break;
			}
			if (isSeen(entry, uncommitted)) records.push(entry.record as LogRecord);
		}
		return {
			fetchedOffset: from,
			records,
			nextOffset,
			highWatermark: this.#high,
		};
	}

	/** Calls back once when more can be read; returns a function that cancels it. */
	onAdvance(wake: () => void): () => void {
		this.#waiting.add(wake);
		return () => this.#waiting.delete(wake);
	}

	/**
	 * Compacts what lies below an offset: keeps the last record of each key, and removes aborted
	 * records and markers. Never touches an open transaction.
	 */
	compact(below: number): void {
		const end = Math.min(below, this.lastStableOffset, this.#high - 1);
		const last = new Map<string, number>();
		for (const entry of this.#entries)
			if (entry.offset < end && isSeen(entry, false))
				last.set(String(entry.record?.key?.toString("latin1")), entry.offset);
		const kept = new Set(last.values());
		this.#entries = this.#entries.filter(
			({ offset }) => offset >= end || kept.has(offset),
		);
	}

	/** Deletes everything below an offset, as retention does, but keeps an open transaction. */
	deleteBelow(offset: number): void {
		this.#low = Math.max(this.#low, Math.min(offset, this.lastStableOffset));
		this.#entries = this.#entries.slice(this.#indexOf(this.#low));
	}

	#indexOf(offset: number): number {
		let from = 0;
		let to = this.#entries.length;
		while (from < to) {
			const middle = (from + to) >>> 1;
			if ((this.#entries[middle] as Entry).offset < offset) from = middle + 1;
			else to = middle;
		}
		return from;
	}

	#wake(): void {
		const waiting = [...this.#waiting];
		this.#waiting.clear();
		for (const wake of waiting) wake();
	}
}

const isSeen = (
	{ record, transaction }: Entry,
	uncommitted: boolean,
): boolean =>
	record !== undefined &&
	(uncommitted ||
		transaction === undefined ||
		transaction.state === "committed");
