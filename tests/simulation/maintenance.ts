/**
 * What a broker does to its topics at any moment, in addition to serving them: compaction of the
 * changelogs, and retention of what is no longer needed (input that is processed, output that the
 * reader has read). It also checks that the positions never go back.
 */
import { POSITION_KEY } from "@fireworks/contracts";
import type { MemoryBroker } from "../../packages/streams/src/memory/broker.ts";
import type { Random } from "../../packages/streams/src/memory/random.ts";
import type { VirtualTime } from "../../packages/streams/src/testing/virtual-time.ts";
import { Committed } from "./committed.ts";
import { Violation } from "./violation.ts";
import { TOPICS } from "./world.ts";

export class Maintenance {
	readonly #broker: MemoryBroker;
	readonly #random: Random;
	readonly #time: VirtualTime;
	readonly #changelog: Committed;
	readonly #positions = new Map<number, number>();
	readonly #read = new Map<number, number>();
	readonly #everyMs: number;

	constructor(broker: MemoryBroker, random: Random, time: VirtualTime) {
		this.#broker = broker;
		this.#random = random;
		this.#time = time;
		this.#everyMs = random.pick([50, 500, 5_000]);
		this.#changelog = new Committed(broker, TOPICS.processor.changelog.name);
	}

	start(): void {
		this.#time.after(this.#random.between(1, this.#everyMs), () => {
			this.#maintain();
			this.start();
		});
	}

	/** Notes that the reader has read a partition of the output up to an offset. */
	outputRead(partition: number, next: number): void {
		this.#read.set(partition, next);
	}

	check(): void {
		for (const { key, value, partition } of this.#changelog.newRecords()) {
			if (String(key) !== POSITION_KEY) continue;
			const next = Number(JSON.parse(String(value)).next);
			const last = this.#positions.get(partition) ?? 0;
			if (next < last)
				throw new Violation(
					"positions",
					`partition ${partition} went from ${last} back to ${next}`,
				);
			this.#positions.set(partition, next);
		}
	}

	#maintain(): void {
		const { topics } = this.#broker;
		const { changelog, output } = TOPICS.processor;
		for (const name of [changelog.name, TOPICS.changelog.name]) {
			if (topics.offsets(name) === undefined || this.#random.oneIn(2)) continue;
			const log = this.#random.pick(topics.partitions(name));
			log.compact(this.#random.between(log.low, log.high));
		}
		this.#deleteSome(TOPICS.ticks.name, this.#positions);
		this.#deleteSome(output.name, this.#read);
	}

	#deleteSome(topic: string, upTo: ReadonlyMap<number, number>): void {
		if (this.#random.oneIn(2)) return;
		for (const [partition, end] of upTo) {
			const log = this.#broker.topics.partition(topic, partition);
			log.deleteBelow(this.#random.between(log.low, Math.max(log.low, end)));
		}
	}
}
