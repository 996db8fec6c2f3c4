/** When a row may be written: by a rate, or by the file's own clock made faster. */
import type { Clock } from "@fireworks/streams";

export interface PaceOptions {
	/** Rows a second. */
	readonly rate?: number | undefined;
	/** Seconds of event time a second: 60 plays an hour in a minute. */
	readonly speed?: number | undefined;
}

/** A chunk is cut so that none of its rows waits longer than this for the others. */
export const STEP_MS = 100;

export class Pace {
	readonly #options: PaceOptions;
	readonly #clock: Clock;
	readonly #startMs: number;
	#rows = 0;
	#firstTime: number | undefined;

	constructor(options: PaceOptions, clock: Clock) {
		this.#options = options;
		this.#clock = clock;
		this.#startMs = clock.now();
	}

	/** Whether rows wait at all. */
	get limited(): boolean {
		return (
			this.#options.rate !== undefined || this.#options.speed !== undefined
		);
	}

	/** When a row is due, ms of the clock. time: its event time; undefined: it has none. */
	due(time: number | undefined): number {
		const { rate, speed } = this.#options;
		let due = this.#startMs;
		if (rate !== undefined) due += (this.#rows * 1_000) / rate;
		this.#rows++;
		if (speed !== undefined && time !== undefined) {
			this.#firstTime ??= time;
			due = Math.max(due, this.#startMs + (time - this.#firstTime) / speed);
		}
		return due;
	}

	async until(dueMs: number, signal: AbortSignal): Promise<void> {
		const waitMs = dueMs - this.#clock.now();
		if (waitMs > 0) await this.#clock.sleep(waitMs, signal);
	}
}
