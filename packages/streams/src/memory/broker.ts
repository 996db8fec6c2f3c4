/**
 * The broker of the memory log: topics, transactions, groups and fetches as one state machine
 * without threads or sockets. Each method takes effect at once, like a request that a real broker
 * has accepted. The Network models the way between client and broker.
 */

import { type Clock, systemClock } from "../time.ts";
import { MemoryGroup } from "./groups.ts";
import type { Slice } from "./partition.ts";
import { Random } from "./random.ts";
import { MemoryTopics } from "./topics.ts";
import {
	TransactionCoordinator,
	type TransactionEvent,
} from "./transactions.ts";

/** An abort reason of our own: the default one costs a stack trace at every wake-up. */
const MORE = "more can be read";

export interface MemoryBrokerOptions {
	/** Default: the machine's clock. */
	clock?: Clock;
	/**
	 * Seed for the member ids, for where reading starts after a join, and for the sizes of batches.
	 */
	seed?: number;
	/** How many offsets of a partition one fetch covers at most. Default: 100. */
	fetchOffsetsMax?: number;
	/** How long a fetch that finds nothing waits. ms. Default: 100. */
	fetchWaitMs?: number;
	/** Transaction markers reach their partitions within this time. ms. Default: 0, at once. */
	markerDelayMaxMs?: number;
	onTransaction?(event: TransactionEvent): void;
}

/** A place to read from. */
export interface FetchFrom {
	readonly topic: string;
	readonly partition: number;
	readonly offset: number;
	/** Also read what open and aborted transactions wrote. */
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
	/** How long a fetch that finds nothing waits, and a member that has nothing to fetch. ms. */
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

	/** The group with an id. It is created with its first member. topics: what its members read. */
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

	/** What the members of a group say about themselves; undefined: it rebalances. */
	groupMembers(groupId: string): readonly string[] | undefined {
		const group = this.#groups.get(groupId);
		return group === undefined ? [] : group.about();
	}

	/**
	 * Where a member starts to read after a join: at the group's offset, or anywhere in the log,
	 * because no caller may rely on it.
	 */
	startAfterJoin(group: MemoryGroup, topic: string, partition: number): number {
		const { low, high } = this.topics.partition(topic, partition);
		if (this.#random.oneIn(2))
			return group.offset(`${topic}/${partition}`) ?? low;
		return this.#random.between(low, high);
	}

	/**
	 * Everything that can be read from some places; waits while there is nothing. A place outside
	 * of the log means its start, as in kafkajs.
	 */
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
