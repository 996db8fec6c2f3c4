/**
 * The broker of the memory log: topics, transactions, groups and fetches as one state machine without threads or sockets. Each of its
 * methods happens at once, as a request that a real broker has taken; what lies between a client and it is the Network's.
 */
import type { Clock } from "../stage/runtime.ts";
import { systemClock } from "../system-clock.ts";
import { MemoryGroup } from "./groups.ts";
import type { Slice } from "./partition.ts";
import { Random } from "./random.ts";
import { MemoryTopics } from "./topics.ts";
import {
	TransactionCoordinator,
	type TransactionEvent,
} from "./transactions.ts";

/** A reason of its own, as the standard one costs a stack trace at every wake-up. */
const MORE = "more can be read";

export interface MemoryBrokerOptions {
	/** The machine's, where absent. */
	clock?: Clock;
	/** Of the member ids, of where reading starts after a join, of the sizes of batches. */
	seed?: number;
	/** Offsets that one fetch covers of a partition, at most. Default: 100. */
	fetchOffsetsMax?: number;
	/** A fetch that finds nothing waits so long. ms. Default: 100. */
	fetchWaitMs?: number;
	/** Markers of transactions reach their partitions within so many ms. Default: 0, at once. */
	markerDelayMaxMs?: number;
	onTransaction?(event: TransactionEvent): void;
}

/** A place to read from. */
export interface FetchFrom {
	readonly topic: string;
	readonly partition: number;
	readonly offset: number;
	/** Also what open and aborted transactions wrote. */
	readonly uncommitted?: boolean;
}

export interface Fetched extends Slice {
	readonly topic: string;
	readonly partition: number;
}

export class MemoryBroker {
	readonly topics = new MemoryTopics();
	readonly transactions: TransactionCoordinator;
	readonly clock: Clock;
	readonly #random: Random;
	readonly #fetchOffsetsMax: number;
	/** A fetch that finds nothing waits so long, and a member that has nothing to fetch as well. ms. */
	readonly fetchWaitMs: number;
	readonly #groups = new Map<string, MemoryGroup>();

	constructor(options: MemoryBrokerOptions = {}) {
		const { clock = systemClock, seed = 1, markerDelayMaxMs = 0 } = options;
		this.clock = clock;
		this.#random = new Random(seed);
		this.fetchWaitMs = options.fetchWaitMs ?? 100;
		this.#fetchOffsetsMax = options.fetchOffsetsMax ?? 100;
		this.transactions = new TransactionCoordinator(this.topics, {
			clock,
			markerDelayMs: () =>
				markerDelayMaxMs === 0 ? 0 : this.#random.between(0, markerDelayMaxMs),
			onEvent: (event) => options.onTransaction?.(event),
		});
	}

	/** The group of an id, which comes into being with its first member. topics: what its members read. */
	group(groupId: string, topics: readonly string[]): MemoryGroup {
		let group = this.#groups.get(groupId);
		if (group === undefined) {
			group = new MemoryGroup({
				clock: this.clock,
				random: this.#random,
				partitions: () =>
					Math.min(
						...topics.map((topic) => this.topics.partitions(topic).length),
					),
			});
			this.#groups.set(groupId, group);
		}
		return group;
	}

	/** Where a member begins to read after a join: the group's offset or, as nobody may rely on it, anywhere in the log. */
	startAfterJoin(group: MemoryGroup, topic: string, partition: number): number {
		const { low, high } = this.topics.partition(topic, partition);
		if (this.#random.oneIn(2))
			return group.offset(`${topic}/${partition}`) ?? low;
		return this.#random.between(low, high);
	}

	/** What can be read from some places; waits where there is nothing. A place outside of the log is taken for its start, as kafkajs does. */
	async fetch(from: readonly FetchFrom[]): Promise<readonly Fetched[]> {
		const found = this.#read(from);
		if (found.length > 0) return found;
		const waited = new AbortController();
		const takeBack = from.map(({ topic, partition }) =>
			this.topics
				.partition(topic, partition)
				.onAdvance(() => waited.abort(MORE)),
		);
		await this.clock.sleep(this.fetchWaitMs, waited.signal);
		for (const forget of takeBack) forget();
		return this.#read(from);
	}

	#read(from: readonly FetchFrom[]): Fetched[] {
		const found: Fetched[] = [];
		for (const { topic, partition, offset, uncommitted } of from) {
			const log = this.topics.partition(topic, partition);
			const inside = offset >= log.low && offset <= log.high ? offset : log.low;
			const slice = log.read(
				inside,
				this.#random.between(1, this.#fetchOffsetsMax),
				uncommitted,
			);
			if (slice !== undefined) found.push({ topic, partition, ...slice });
		}
		return found;
	}
}
