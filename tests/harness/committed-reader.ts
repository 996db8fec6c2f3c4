/**
 * A read_committed reader of some topics that continues through every fault. If its connection or
 * its group fails, it reopens at the next offset. It records when each partition's records arrived.
 * Recoveries are timed by this.
 */
import type { Log, LogReader, LogRecord } from "@fireworks/streams";
import { waitFor } from "./wait-for.ts";

/** Offsets by partition. */
export type Offsets = ReadonlyMap<number, number>;

interface Lane {
	next: number;
	/**
	 * Offset of the last record of each batch, and when it arrived (performance.now()). Only the
	 * newest are kept.
	 */
	readonly arrivals: { offset: number; at: number }[];
}

const ARRIVALS_KEPT = 20_000;

export class CommittedReader {
	readonly #log: Log;
	readonly #topics: readonly string[];
	readonly #take: (topic: string, record: LogRecord) => void;
	readonly #lanes = new Map<string, Lane>();
	#reader: LogReader | undefined;
	#closed = false;
	#failure: unknown;
	#loop: Promise<void> | undefined;

	constructor(
		log: Log,
		topics: readonly string[],
		take: (topic: string, record: LogRecord) => void,
	) {
		this.#log = log;
		this.#topics = topics;
		this.#take = take;
	}

	/** The topics must exist. */
	start(): void {
		this.#loop = this.#run();
	}

	/**
	 * The error that `take` threw, or a record that came twice. The reader is unusable after that.
	 */
	get failure(): unknown {
		return this.#failure;
	}

	/**
	 * Resolves when each partition has a record at or above the offset. Returns when the last of
	 * them arrived (performance.now()).
	 */
	async reached(topic: string, offsets: Offsets, timeoutMs: number) {
		return waitFor(
			`records of ${topic} from ${[...offsets].join(" ")}`,
			() => {
				const times = [...offsets].map(
					([partition, offset]) =>
						this.#lane(topic, partition).arrivals.find(
							(arrival) => arrival.offset >= offset,
						)?.at,
				);
				return times.every((at) => at !== undefined)
					? Math.max(...times)
					: undefined;
			},
			timeoutMs,
		);
	}

	/**
	 * The longest time in ms without a record of a partition, from `since` (performance.now()) to
	 * its newest record.
	 */
	longestSilence(topic: string, partitions: readonly number[], since: number) {
		let longest = 0;
		for (const partition of partitions) {
			let last = since;
			for (const { at } of this.#lane(topic, partition).arrivals) {
				if (at < since) continue;
				longest = Math.max(longest, at - last);
				last = at;
			}
		}
		return longest;
	}

	async close(): Promise<void> {
		this.#closed = true;
		await this.#reader?.close().catch(() => {});
		await this.#loop;
	}

	async #run(): Promise<void> {
		while (!this.#closed && this.#failure === undefined) {
			try {
				this.#reader = await this.#log.read({
					name: "fault-reader",
					topics: this.#topics,
					from: (topic, partition) => this.#lane(topic, partition).next,
					onRecords: (topic, partition, records) =>
						this.#records(topic, partition, records),
				});
				if (this.#closed) await this.#reader.close();
				await this.#reader.ended;
			} catch {
				// The broker or the connection is gone, as the faults intend.
				await this.#reader?.close().catch(() => {});
			}
		}
	}

	#records(topic: string, partition: number, records: readonly LogRecord[]) {
		if (this.#failure !== undefined || this.#closed) return;
		const lane = this.#lane(topic, partition);
		const at = performance.now();
		try {
			for (const record of records) {
				if (record.offset < lane.next) continue;
				this.#take(topic, record);
				lane.next = record.offset + 1;
			}
			const last = records.at(-1);
			if (last !== undefined) lane.arrivals.push({ offset: last.offset, at });
			if (lane.arrivals.length > ARRIVALS_KEPT) lane.arrivals.shift();
		} catch (error) {
			this.#failure = error;
		}
	}

	#lane(topic: string, partition: number): Lane {
		const id = `${topic}/${partition}`;
		let lane = this.#lanes.get(id);
		if (lane === undefined) {
			lane = { next: 0, arrivals: [] };
			this.#lanes.set(id, lane);
		}
		return lane;
	}
}
