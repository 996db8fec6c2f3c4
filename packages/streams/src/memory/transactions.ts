/**
 * The transaction coordinator. For each transactional identity it knows the newest holder, by
 * epoch, and that holder's transaction.
 *
 * It behaves as Kafka does. A new holder raises the epoch, which fences the earlier holders
 * permanently and aborts the open transaction. A transaction that is open for too long is aborted,
 * and its own holder is fenced. A decided transaction is complete only when each of its partitions
 * has its marker, which takes time. Until then the identity's requests get CONCURRENT_TRANSACTIONS.
 */
import type { OutgoingRecord } from "../log.ts";
import type { Clock } from "../time.ts";
import { BrokerError } from "./broker-error.ts";
import type { PartitionTransaction } from "./partition.ts";
import type { MemoryTopics } from "./topics.ts";

interface Transaction {
	readonly parts: Map<
		string,
		{ topic: string; partition: number; part: PartitionTransaction }
	>;
	readonly ended: AbortController;
}

interface Identity {
	epoch: number;
	timeoutMs: number;
	open: Transaction | undefined;
	/** The transaction is decided, but some markers are missing. */
	completing: Promise<void> | undefined;
}

/** A decision of the coordinator, for observers such as checkers. */
export interface TransactionEvent {
	readonly type: "holder" | "committed" | "aborted";
	readonly id: string;
	readonly epoch: number;
	/** The partitions to which the transaction wrote, as `topic/partition`. */
	readonly partitions: readonly string[];
}

/** An abort reason of our own: the default one costs a stack trace for every transaction. */
const DECIDED = "decided";

export interface TransactionOptions {
	clock: Clock;
	/** How long a marker takes to reach its partition; 0: at once. */
	markerDelayMs(): number;
	onEvent(event: TransactionEvent): void;
}

export class TransactionCoordinator {
	readonly #topics: MemoryTopics;
	readonly #options: TransactionOptions;
	readonly #identities = new Map<string, Identity>();

	constructor(topics: MemoryTopics, options: TransactionOptions) {
		this.#topics = topics;
		this.#options = options;
	}

	/**
	 * Registers a new holder and returns its epoch. Throws CONCURRENT_TRANSACTIONS while the
	 * earlier holder's transaction is being aborted.
	 */
	newHolder(id: string, timeoutMs: number): number {
		let identity = this.#identities.get(id);
		if (identity === undefined) {
			identity = {
				epoch: -1,
				timeoutMs,
				open: undefined,
				completing: undefined,
			};
			this.#identities.set(id, identity);
		}
		if (identity.open !== undefined) {
			identity.epoch++;
			this.#decide(id, identity, "aborted");
		}
		if (identity.completing !== undefined) throw concurrent(id);
		identity.epoch++;
		identity.timeoutMs = timeoutMs;
		this.#options.onEvent({
			type: "holder",
			id,
			epoch: identity.epoch,
			partitions: [],
		});
		return identity.epoch;
	}

	/** Begins a transaction, or adds partitions to it. */
	addPartitions(
		id: string,
		epoch: number,
		partitions: readonly { topic: string; partition: number }[],
	): void {
		const identity = this.#held(id, epoch);
		if (identity.completing !== undefined) throw concurrent(id);
		identity.open ??= this.#begin(id, identity);
		for (const { topic, partition } of partitions) {
			this.#topics.partition(topic, partition);
			const name = `${topic}/${partition}`;
			if (!identity.open.parts.has(name))
				identity.open.parts.set(name, {
					topic,
					partition,
					part: { state: "open", firstOffset: undefined },
				});
		}
	}

	/** Appends to a partition that was added before, and returns the first record's offset. */
	produce(
		id: string,
		epoch: number,
		topic: string,
		partition: number,
		records: readonly OutgoingRecord[],
	): number {
		const part = this.#held(id, epoch).open?.parts.get(`${topic}/${partition}`);
		if (part === undefined) throw fenced(id, epoch);
		return this.#topics.append(topic, partition, records, part.part);
	}

	end(id: string, epoch: number, state: "committed" | "aborted"): void {
		const identity = this.#held(id, epoch);
		if (identity.open === undefined) throw fenced(id, epoch);
		this.#decide(id, identity, state);
	}

	#held(id: string, epoch: number): Identity {
		const identity = this.#identities.get(id);
		if (identity === undefined || identity.epoch !== epoch)
			throw fenced(id, epoch);
		return identity;
	}

	#begin(id: string, identity: Identity): Transaction {
		const transaction: Transaction = {
			parts: new Map(),
			ended: new AbortController(),
		};
		const { signal } = transaction.ended;
		this.#options.clock.sleep(identity.timeoutMs, signal).then(() => {
			if (signal.aborted) return;
			identity.epoch++;
			this.#decide(id, identity, "aborted");
		});
		return transaction;
	}

	/**
	 * Decides the transaction. The decision is final from here on, whatever fails later; the
	 * markers follow.
	 */
	#decide(
		id: string,
		identity: Identity,
		state: "committed" | "aborted",
	): void {
		const transaction = identity.open as Transaction;
		identity.open = undefined;
		transaction.ended.abort(DECIDED);
		this.#options.onEvent({
			type: state,
			id,
			epoch: identity.epoch,
			partitions: [...transaction.parts.keys()],
		});
		const markers = [...transaction.parts.values()].map((part) =>
			this.#mark(part, state),
		);
		if (markers.every((marker) => marker === undefined)) return;
		identity.completing = Promise.all(markers).then(() => {
			identity.completing = undefined;
		});
	}

	#mark(
		{
			topic,
			partition,
			part,
		}: { topic: string; partition: number; part: PartitionTransaction },
		state: "committed" | "aborted",
	): Promise<void> | undefined {
		const log = this.#topics.partition(topic, partition);
		const delayMs = this.#options.markerDelayMs();
		if (delayMs <= 0) {
			log.end(part, state);
			return undefined;
		}
		return this.#options.clock.sleep(delayMs).then(() => log.end(part, state));
	}
}

const fenced = (id: string, epoch: number) =>
	new BrokerError("INVALID_PRODUCER_EPOCH", `${id} at epoch ${epoch}`);
const concurrent = (id: string) =>
	new BrokerError("CONCURRENT_TRANSACTIONS", id);
