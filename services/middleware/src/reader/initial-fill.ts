/**
 * Decides whether a newly started pod has read the recent past.
 *
 * The target is each partition's `high` at the start. It may lie behind transaction markers and
 * open or aborted transactions, which no reader ever gets as records. So a partition also counts as
 * filled when nothing of it arrived for FILL_QUIET_MS since the reader was connected.
 */
import { FILL_QUIET_MS } from "../limits.ts";

export class InitialFill {
	#targets: readonly number[] = [];
	#arrivedMs: number[] = [];
	#connectedMs = Number.POSITIVE_INFINITY;
	#done = false;

	/** Starts again. targets: the offset after the last one wanted, by partition. */
	begin(targets: readonly number[]): void {
		this.#targets = targets;
		this.#arrivedMs = targets.map(() => 0);
		this.#connectedMs = Number.POSITIVE_INFINITY;
		this.#done = false;
	}

	/** The reader is connected. now: ms of a monotonic clock, here and below. */
	connected(now: number): void {
		this.#connectedMs = now;
	}

	/** Records of a partition arrived. */
	arrived(partition: number, now: number): void {
		this.#arrivedMs[partition] = now;
	}

	/**
	 * Whether no partition has more than one offset left. One is often the end of a transaction,
	 * which never arrives.
	 */
	nearlyDone(next: readonly number[]): boolean {
		return (
			this.#done ||
			(this.#targets.length > 0 &&
				this.#targets.every((target, p) => (next[p] ?? 0) >= target - 1))
		);
	}

	/**
	 * Why it is not filled yet. Undefined once it is filled, and from then on. next: the reader's
	 * next offsets.
	 */
	waiting(next: readonly number[], now: number): string | undefined {
		if (this.#done) return undefined;
		if (this.#targets.length === 0) return "not begun";
		const behind = this.#targets.findIndex(
			(target, p) => (next[p] ?? 0) < target && !this.#quiet(p, now),
		);
		if (behind >= 0)
			return `partition ${behind} is at ${next[behind]} of ${this.#targets[behind]}`;
		this.#done = true;
		return undefined;
	}

	#quiet(partition: number, now: number): boolean {
		const since = Math.max(this.#connectedMs, this.#arrivedMs[partition] ?? 0);
		return now - since >= FILL_QUIET_MS;
	}
}
