/**
 * What a read_committed reader can see of a topic so far, as the topic grows. It is read from the
 * broker itself, between any two events.
 */
import type { LogRecord } from "../../packages/streams/src/log.ts";
import type { MemoryBroker } from "../../packages/streams/src/memory/broker.ts";

export class Committed {
	readonly #broker: MemoryBroker;
	readonly #topic: string;
	readonly #next: number[] = [];

	constructor(broker: MemoryBroker, topic: string) {
		this.#broker = broker;
		this.#topic = topic;
	}

	/** The records that have become visible since the last call. */
	*newRecords(): Generator<LogRecord> {
		const ranges = this.#broker.topics.offsets(this.#topic);
		if (ranges === undefined) return;
		for (const [p, log] of this.#broker.topics
			.partitions(this.#topic)
			.entries()) {
			const from = Math.max(this.#next[p] ?? 0, log.low);
			if (from >= log.high) continue;
			const slice = log.read(from, Number.MAX_SAFE_INTEGER);
			if (slice === undefined) continue;
			this.#next[p] = slice.nextOffset;
			yield* slice.records;
		}
	}

	/** How far a partition has been read. */
	next(partition: number): number {
		return this.#next[partition] ?? 0;
	}
}
