/**
 * Decides which ticks are due, and at what times. It is pure: the caller passes the time.
 *
 * Tick n is due at `epoch + n * intervalMs` of wall time, so delays do not add up. Its event time
 * is one advance after the previous tick. When the interval changes, the epoch moves: the last tick
 * keeps its time, and the next one follows it by one new interval.
 */
import type { ClockPosition } from "@fireworks/contracts";

export interface Intervals {
	/** Wall time between two ticks. */
	readonly intervalMs: number;
	/** Event time between two ticks. */
	readonly advanceMs: number;
	/** Up to this much missed wall time is caught up; ticks that were due earlier are skipped. */
	readonly catchUpMaxMs: number;
}

/**
 * The ticks to write now: `count` of them, starting with number `first`. skipped: how many ticks
 * before `first` are left out.
 */
export interface Due {
	readonly first: number;
	readonly count: number;
	readonly skipped: number;
}

export class Schedule {
	readonly #intervals: Intervals;
	readonly #epoch: number;
	/** The last tick, written or skipped. Before the first tick: one step before it. */
	#seq: number;
	#timestamp: number;

	/** position: where the clock stood; undefined at its very first start. nowMs: wall time. */
	constructor(
		intervals: Intervals,
		position: ClockPosition | undefined,
		nowMs: number,
	) {
		this.#intervals = intervals;
		if (position === undefined) {
			this.#epoch = nowMs;
			this.#seq = -1;
			this.#timestamp = nowMs - intervals.advanceMs;
			return;
		}
		const dueOfLast = position.epoch + position.seq * position.intervalMs;
		this.#epoch = dueOfLast - position.seq * intervals.intervalMs;
		this.#seq = position.seq;
		this.#timestamp = position.timestamp;
	}

	/** Wall time at which the next tick is due. */
	get nextDueMs(): number {
		return this.#dueMs(this.#seq + 1);
	}

	/** The ticks that are due at a wall time, at most ticksMax; undefined: none. */
	due(nowMs: number, ticksMax: number): Due | undefined {
		const { intervalMs, catchUpMaxMs } = this.#intervals;
		const last = Math.floor((nowMs - this.#epoch) / intervalMs);
		const next = this.#seq + 1;
		if (last < next) return undefined;
		// The tick that is due now is written, however small the limit.
		const oldest = Math.min(
			last,
			Math.ceil((nowMs - catchUpMaxMs - this.#epoch) / intervalMs),
		);
		const first = Math.max(next, oldest);
		return {
			first,
			count: Math.min(last - first + 1, ticksMax),
			skipped: first - next,
		};
	}

	/** Event time of tick n, which is not written yet. */
	timestampOf(n: number): number {
		return this.#timestamp + (n - this.#seq) * this.#intervals.advanceMs;
	}

	/** The position once tick n, the last one written, is committed. */
	positionAt(n: number): ClockPosition {
		const { intervalMs, advanceMs } = this.#intervals;
		return {
			seq: n,
			timestamp: this.timestampOf(n),
			epoch: this.#epoch,
			intervalMs,
			advanceMs,
		};
	}

	/** Notes that tick n and all ticks before it are written. */
	written(n: number): void {
		this.#timestamp = this.timestampOf(n);
		this.#seq = n;
	}

	#dueMs(n: number): number {
		return this.#epoch + n * this.#intervals.intervalMs;
	}
}
