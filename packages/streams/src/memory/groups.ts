/**
 * A consumer group. Its members join, send heartbeats, and share the partitions of their topics,
 * generation by generation.
 *
 * A join waits until all known members have joined again, or until the rebalance time-out. A member
 * that has not joined by then is removed.
 */

import type { Clock } from "../time.ts";
import { BrokerError } from "./broker-error.ts";
import type { Random } from "./random.ts";

const REBALANCE_TIMEOUT_MS = 15_000;

export interface Joined {
	readonly memberId: string;
	readonly generation: number;
	/** The same for all topics. */
	readonly partitions: readonly number[];
}

interface Member {
	readonly id: string;
	readonly sessionTimeoutMs: number;
	readonly about: string;
	seenAt: number;
	joining: PromiseWithResolvers<Joined> | undefined;
	readonly gone: AbortController;
}

export interface GroupOptions {
	clock: Clock;
	random: Random;
	/** Number of partitions that are shared. */
	partitions(): number;
}

export class MemoryGroup {
	readonly #options: GroupOptions;
	readonly #members = new Map<string, Member>();
	readonly #offsets = new Map<string, number>();
	#generation = 0;
	#round: AbortController | undefined;

	constructor(options: GroupOptions) {
		this.#options = options;
	}

	/** Joins, or joins again; resolves when the rebalance is over. */
	join(
		memberId: string | undefined,
		sessionTimeoutMs: number,
		about = "",
	): Promise<Joined> {
		const member =
			memberId === undefined
				? this.#newMember(sessionTimeoutMs, about)
				: this.#member(memberId);
		member.joining ??= Promise.withResolvers<Joined>();
		const { promise } = member.joining;
		this.rebalance();
		this.#completeWhenAllJoined();
		return promise;
	}

	/**
	 * Throws REBALANCE_IN_PROGRESS if the member has to join again, UNKNOWN_MEMBER_ID if it was
	 * removed.
	 */
	heartbeat(memberId: string, generation: number): void {
		const member = this.#member(memberId);
		member.seenAt = this.#options.clock.now();
		if (this.#round !== undefined || generation !== this.#generation)
			throw new BrokerError("REBALANCE_IN_PROGRESS", memberId);
	}

	leave(memberId: string): void {
		const member = this.#members.get(memberId);
		if (member !== undefined) this.#remove(member);
	}

	commit(
		memberId: string,
		generation: number,
		key: string,
		offset: number,
	): void {
		this.heartbeat(memberId, generation);
		this.#offsets.set(key, offset);
	}

	/** The last offset that was committed under a key. */
	offset(key: string): number | undefined {
		return this.#offsets.get(key);
	}

	/** What the members say about themselves; undefined while the group rebalances. */
	about(): readonly string[] | undefined {
		if (this.#members.size === 0) return [];
		if (this.#round !== undefined) return undefined;
		return [...this.#members.values()].map(({ about }) => about);
	}

	/** Makes every member join again: a member came or left, or a test wants it. */
	rebalance(): void {
		if (this.#round !== undefined) return;
		const round = new AbortController();
		this.#round = round;
		this.#options.clock.sleep(REBALANCE_TIMEOUT_MS, round.signal).then(() => {
			if (round.signal.aborted) return;
			for (const member of [...this.#members.values()])
				if (member.joining === undefined) this.#remove(member);
		});
	}

	#newMember(sessionTimeoutMs: number, about: string): Member {
		const { clock, random } = this.#options;
		const member: Member = {
			id: `member-${random.between(0, 2 ** 32 - 1)}-${this.#members.size}`,
			sessionTimeoutMs,
			about,
			seenAt: clock.now(),
			joining: undefined,
			gone: new AbortController(),
		};
		this.#members.set(member.id, member);
		this.#expire(member);
		return member;
	}

	#member(memberId: string): Member {
		const member = this.#members.get(memberId);
		if (member === undefined)
			throw new BrokerError("UNKNOWN_MEMBER_ID", memberId);
		return member;
	}

	async #expire(member: Member): Promise<void> {
		const { clock } = this.#options;
		const { signal } = member.gone;
		while (!signal.aborted) {
			// A member that waits in a join does not have to send heartbeats.
			if (member.joining !== undefined) member.seenAt = clock.now();
			const leftMs = member.seenAt + member.sessionTimeoutMs - clock.now();
			if (leftMs <= 0) return this.#remove(member);
			await clock.sleep(leftMs, signal);
		}
	}

	#remove(member: Member): void {
		member.gone.abort();
		this.#members.delete(member.id);
		member.joining?.reject(new BrokerError("UNKNOWN_MEMBER_ID", member.id));
		member.joining?.promise.catch(() => {});
		this.rebalance();
		this.#completeWhenAllJoined();
	}

	#completeWhenAllJoined(): void {
		const members = [...this.#members.values()].sort((a, b) =>
			a.id < b.id ? -1 : 1,
		);
		if (members.some(({ joining }) => joining === undefined)) return;
		this.#round?.abort();
		this.#round = undefined;
		this.#generation++;
		const partitions = Array.from(
			{ length: this.#options.partitions() },
			(_, p) => p,
		);
		for (const [i, member] of members.entries()) {
			member.seenAt = this.#options.clock.now();
			member.joining?.resolve({
				memberId: member.id,
				generation: this.#generation,
				partitions: partitions.filter((p) => p % members.length === i),
			});
			member.joining = undefined;
		}
	}
}
