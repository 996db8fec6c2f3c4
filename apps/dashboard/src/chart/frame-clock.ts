/**
 * Decides when to draw: the only clock of the page.
 *
 * idle -request-> drawing (at once, if the last draw began an interval ago: a point after a quiet
 *                 interval does not wait)
 *                 or waiting (until the interval ends, or until the tick is complete, at most
 *                 gatherMs)
 * waiting -time-> drawing -done-> idle, or waiting if there was another request meanwhile
 *
 * 1. Two draws never begin less than intervalMs apart.
 * 2. A draw never begins before the last one has ended. On a slow machine frames are skipped and do
 *    not pile up.
 * 3. Nothing is drawn while the page is hidden. Requests of that time are drawn when the page is
 *    visible again.
 */
import type { Clock } from "@fireworks/time";

export interface FrameClockOptions {
	intervalMs: number;
	/**
	 * Changes within this time of the first change after a quiet interval are drawn together with
	 * it. 0: the change is drawn at once.
	 */
	gatherMs?: number;
	/** True if there is nothing more to wait for. */
	complete?(): boolean;
	/** Draws; resolves when the picture is on the screen. */
	draw(): Promise<void>;
	hidden(): boolean;
	clock: Pick<Clock, "monotonicMs" | "after">;
	onError(error: unknown): void;
}

export class FrameClock {
	readonly #options: FrameClockOptions;
	#asked = false;
	#drawing = false;
	#stopped = false;
	#begunMs = Number.NEGATIVE_INFINITY;
	#stopWaiting: (() => void) | undefined;

	constructor(options: FrameClockOptions) {
		this.#options = options;
	}

	/** There is something new to draw. */
	request(): void {
		this.#asked = true;
		this.#next();
	}

	/** The page was hidden, or is visible again. */
	visibilityChanged(): void {
		if (this.#asked) this.#next();
	}

	stop(): void {
		this.#stopped = true;
		this.#stopWaiting?.();
	}

	#next(): void {
		const { hidden, clock, intervalMs } = this.#options;
		if (this.#stopped || this.#drawing || hidden()) return;
		const dueMs = this.#begunMs + intervalMs - clock.monotonicMs();
		const gatherMs = this.#gatherMs();
		if (dueMs <= 0 && gatherMs === 0) {
			this.#stopWaiting?.();
			this.#stopWaiting = undefined;
			void this.#draw();
			return;
		}
		this.#stopWaiting ??= clock.after(Math.max(gatherMs, dueMs), () => {
			this.#stopWaiting = undefined;
			if (!hidden()) void this.#draw();
		});
	}

	#gatherMs(): number {
		const { gatherMs = 0, complete } = this.#options;
		return complete?.() ? 0 : gatherMs;
	}

	async #draw(): Promise<void> {
		const { draw, clock, onError } = this.#options;
		this.#asked = false;
		this.#drawing = true;
		this.#begunMs = clock.monotonicMs();
		try {
			await draw();
		} catch (error) {
			onError(error);
		}
		this.#drawing = false;
		if (this.#asked) this.#next();
	}
}
