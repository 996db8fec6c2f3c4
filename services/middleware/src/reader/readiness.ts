/**
 * Whether the pod has data to show, and whether it is current.
 *
 * A pod is ready once its recent past was read. Later it is not ready while it has been unable to
 * read for READER_AWAY_MAX_MS. It then still has correct data to show.
 */
import type { Clock } from "@fireworks/time";
import { READER_AWAY_MAX_MS } from "../limits.ts";
import { InitialFill } from "./initial-fill.ts";
import type { ReadPosition } from "./readable-log.ts";

export class Readiness {
	readonly #queue: ReadPosition;
	readonly #clock: Clock;
	readonly #fill = new InitialFill();
	#filledOnce = false;
	#awaySinceMs: number | undefined;
	#why = "starting";

	constructor(queue: ReadPosition, clock: Clock) {
		this.#queue = queue;
		this.#clock = clock;
	}

	/** Whether the queue was filled once: from then on it has correct data to show. */
	get filled(): boolean {
		return this.#filledOnce || this.#notFilled() === undefined;
	}

	/** Whether the recent past was read, except for what may never arrive. */
	get nearlyFilled(): boolean {
		return this.filled || this.#fill.nearlyDone(this.#queue.next);
	}

	/** Why the reader was last away. */
	get why(): string {
		return this.#why;
	}

	/** Why it is not reading at the topic's end, or undefined. */
	notReady(): string | undefined {
		if (!this.filled) return this.#notFilled();
		if (this.#awaySinceMs === undefined) return undefined;
		const awayMs = this.#clock.monotonicMs() - this.#awaySinceMs;
		return awayMs < READER_AWAY_MAX_MS
			? undefined
			: `not reading for ${Math.round(awayMs)} ms: ${this.#why}`;
	}

	/** The queue was restarted. targets: the offset after the last one wanted, by partition. */
	beginFill(targets: readonly number[]): void {
		this.#fill.begin(targets);
	}

	/** The reader is connected. */
	connected(): void {
		this.#fill.connected(this.#clock.monotonicMs());
		this.#awaySinceMs = undefined;
	}

	/** Records of a partition arrived. */
	arrived(partition: number): void {
		this.#fill.arrived(partition, this.#clock.monotonicMs());
	}

	/** There is no reader now. */
	away(why: string): void {
		// Check now: without a reader, reaching the target could not be noticed any more.
		if (this.#awaySinceMs === undefined) this.#notFilled();
		this.#why = why;
		this.#awaySinceMs ??= this.#clock.monotonicMs();
	}

	#notFilled(): string | undefined {
		if (this.#awaySinceMs !== undefined) return this.#why;
		const reason = this.#fill.waiting(
			this.#queue.next,
			this.#clock.monotonicMs(),
		);
		if (reason === undefined) this.#filledOnce = true;
		return reason && `reading the recent past: ${reason}`;
	}
}
