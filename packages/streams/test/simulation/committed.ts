/** What a read_committed reader could see by now of a topic, as it grows: read from the broker itself, between any two events. */
import type { LogRecord } from "../../src/log.ts";
import type { MemoryBroker } from "../../src/memory/broker.ts";

export class Committed {
	readonly #broker: MemoryBroker;
	readonly #topic: string;
	readonly #next: number[] = [];

	constructor(broker: MemoryBroker, topic: string) {
		this.#broker = broker;
		this.#topic = topic;
	}

	/** The records that could not be seen when this was called last. */
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

	/** How far a partition has been looked at. */
	next(partition: number): number {
		return this.#next[partition] ?? 0;
	}
}
