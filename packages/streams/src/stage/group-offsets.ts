/**
 * The group's own offsets of a partition, for the usual lag tools. They are committed outside of
 * the transactions, every few seconds; nothing waits for them, and nothing here relies on them.
 */
import type { GroupMember } from "../log.ts";
import type { StageRuntime } from "./runtime.ts";

export class GroupOffsets {
	readonly #runtime: Pick<
		StageRuntime<unknown, unknown, unknown>,
		"options" | "topics" | "logger"
	>;
	readonly #member: GroupMember;
	readonly #partition: number;
	#committedAt = 0;

	constructor(
		runtime: Pick<
			StageRuntime<unknown, unknown, unknown>,
			"options" | "topics" | "logger"
		>,
		member: GroupMember,
		partition: number,
	) {
		this.#runtime = runtime;
		this.#member = member;
		this.#partition = partition;
	}

	/** nexts: the next offset of each input. */
	commit(nexts: readonly number[], now: number): void {
		const { options, topics, logger } = this.#runtime;
		if (now - this.#committedAt < options.groupOffsetIntervalMs) return;
		this.#committedAt = now;
		for (const [i, next] of nexts.entries())
			this.#member
				.commitOffset(topics.inputs[i] as string, this.#partition, next)
				.catch((error: Error) => {
					logger.debug(
						{ partition: this.#partition, error: error.message },
						"the group's offset was not committed",
					);
				});
	}
}
