/**
 * A group member on the memory broker. It copies the habits of kafkajs's consumer that the runtime
 * must live with. After every join all partitions start at another offset. The next fetch waits for
 * all batches of the last one. A member that was removed from the group joins again by itself. A
 * batch that was in progress when its partition was sought or paused may still come.
 */
import { StreamsError } from "../errors.ts";
import type {
	GroupBatch,
	GroupHandlers,
	GroupMember,
	GroupOptions,
} from "../log.ts";
import { type Clock, untilAborted } from "../time.ts";
import type { Fetched, MemoryBroker } from "./broker.ts";
import { isBrokerError } from "./broker-error.ts";
import type { Joined, MemoryGroup } from "./groups.ts";
import type { Network } from "./network.ts";

const RETRY_MS = 50;
/** Consecutive failures after which the member gives up. */
const FAILURES_MAX = 3;

export class MemoryGroupMember implements GroupMember {
	readonly #broker: MemoryBroker;
	readonly #network: Network;
	readonly #clock: Clock;
	readonly #options: GroupOptions;
	readonly #failed = Promise.withResolvers<never>();
	readonly #leaving = new AbortController();
	readonly #left = untilAborted(this.#leaving.signal);
	readonly #positions = new Map<string, number>();
	readonly #paused = new Set<string>();
	#seeks = new Map<string, number>();
	#membership: Joined | undefined;
	#mustJoin = true;
	#working: Promise<void> | undefined;
	#heartbeatAt = 0;
	#lastSignOfLife: number;

	constructor(
		broker: MemoryBroker,
		network: Network,
		clock: Clock,
		options: GroupOptions,
	) {
		this.#broker = broker;
		this.#network = network;
		this.#clock = clock;
		this.#options = options;
		this.#lastSignOfLife = clock.now();
		this.#failed.promise.catch(() => {});
	}

	get failed(): Promise<never> {
		return this.#failed.promise;
	}

	lastSignOfLife(): number {
		return this.#lastSignOfLife;
	}

	async start(handlers: GroupHandlers): Promise<void> {
		const joined = Promise.withResolvers<void>();
		this.#working = this.#work(handlers, joined.resolve);
		await Promise.race([joined.promise, this.failed]);
	}

	seek(topic: string, partition: number, offset: number): void {
		this.#seeks.set(`${topic}/${partition}`, offset);
	}

	pause(topic: string, partition: number): void {
		this.#paused.add(`${topic}/${partition}`);
	}

	resume(topic: string, partition: number): void {
		this.#paused.delete(`${topic}/${partition}`);
	}

	async commitOffset(
		topic: string,
		partition: number,
		offset: number,
	): Promise<void> {
		const { memberId, generation } = this.#joined();
		await this.#network.request("commit-offset", () =>
			this.#group.commit(memberId, generation, `${topic}/${partition}`, offset),
		);
	}

	async leave(): Promise<void> {
		this.#leaving.abort();
		await this.#working;
		const { memberId } = this.#membership ?? {};
		if (memberId === undefined) return;
		await this.#network
			.request("leave", () => this.#group.leave(memberId))
			.catch(() => {});
	}

	get #group(): MemoryGroup {
		const { groupId, topics } = this.#options;
		return this.#broker.group(groupId, topics);
	}

	#joined(): Joined {
		if (this.#membership === undefined)
			throw new StreamsError("group-failed", "not a member of the group");
		return this.#membership;
	}

	async #work(handlers: GroupHandlers, joined: () => void): Promise<void> {
		const { signal } = this.#leaving;
		let failures = 0;
		while (!signal.aborted) {
			try {
				if (this.#mustJoin) {
					await this.#join();
					if (signal.aborted) return;
					handlers.onAssigned(this.#joined().partitions);
					joined();
				}
				await this.#round(handlers);
				failures = 0;
			} catch (error) {
				if (signal.aborted) return;
				if (isBrokerError(error, "REBALANCE_IN_PROGRESS")) {
					this.#mustJoin = true;
					handlers.onRebalancing();
				} else if (isBrokerError(error, "UNKNOWN_MEMBER_ID")) {
					this.#mustJoin = true;
					this.#membership = undefined;
				} else if (
					++failures >= FAILURES_MAX ||
					error instanceof HandlerError
				) {
					return this.#fail(error);
				} else await this.#clock.sleep(RETRY_MS, signal);
			}
		}
	}

	async #join(): Promise<void> {
		const { sessionTimeoutMs, about } = this.#options;
		const memberId = this.#membership?.memberId;
		const joined = await Promise.race([
			this.#network.request("join", () =>
				this.#group.join(memberId, sessionTimeoutMs, about),
			),
			this.#left,
		]);
		if (joined === undefined) return;
		this.#membership = joined;
		this.#mustJoin = false;
		this.#heartbeatAt = this.#lastSignOfLife = this.#clock.now();
		this.#positions.clear();
		this.#seeks.clear();
		for (const topic of this.#options.topics)
			for (const partition of joined.partitions)
				this.#positions.set(
					`${topic}/${partition}`,
					this.#broker.startAfterJoin(this.#group, topic, partition),
				);
	}

	async #round(handlers: GroupHandlers): Promise<void> {
		const { topics } = this.#options;
		for (const [name, offset] of this.#seeks) this.#positions.set(name, offset);
		this.#seeks = new Map();
		const from = topics.flatMap((topic) =>
			this.#joined()
				.partitions.filter((p) => !this.#paused.has(`${topic}/${p}`))
				.map((partition) => ({
					topic,
					partition,
					offset: this.#positions.get(`${topic}/${partition}`) ?? 0,
				})),
		);
		const batches =
			from.length === 0
				? await this.#clock.sleep(
						this.#broker.fetchWaitMs,
						this.#leaving.signal,
					)
				: await Promise.race([
						this.#network.request("fetch", () => this.#broker.fetch(from)),
						this.#left,
					]);
		this.#lastSignOfLife = this.#clock.now();
		if (this.#leaving.signal.aborted) return;
		await Promise.all(
			(batches ?? []).map((batch) => this.#handle(handlers, batch)),
		);
		if (this.#mustJoin) {
			if (this.#membership !== undefined) handlers.onRebalancing();
			return;
		}
		const { sessionTimeoutMs } = this.#options;
		if (this.#clock.now() - this.#heartbeatAt >= sessionTimeoutMs / 6)
			await this.#heartbeat();
	}

	async #handle(handlers: GroupHandlers, batch: Fetched): Promise<void> {
		const groupBatch: GroupBatch = {
			...batch,
			keepAlive: async () => {
				try {
					await this.#heartbeat();
				} catch (error) {
					this.#mustJoin = true;
					if (isBrokerError(error, "UNKNOWN_MEMBER_ID"))
						this.#membership = undefined;
				}
				return !this.#mustJoin;
			},
		};
		try {
			await handlers.onBatch(groupBatch);
		} catch (error) {
			throw new HandlerError("the batch was not taken", { cause: error });
		}
		this.#positions.set(`${batch.topic}/${batch.partition}`, batch.nextOffset);
	}

	async #heartbeat(): Promise<void> {
		const { memberId, generation } = this.#joined();
		await this.#network.request("heartbeat", () =>
			this.#group.heartbeat(memberId, generation),
		);
		this.#heartbeatAt = this.#clock.now();
	}

	#fail(error: unknown): void {
		this.#failed.reject(
			new StreamsError(
				"group-failed",
				`the member of ${this.#options.groupId} failed: ${(error as Error).message}`,
				{ cause: error },
			),
		);
	}
}

/** The owner's handler threw, which a retry cannot solve. */
class HandlerError extends Error {
	override name = "HandlerError";
}
