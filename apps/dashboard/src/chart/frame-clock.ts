/**
 * Decides when to draw: the one clock of the page.
 *
 * idle -request-> drawing (at once, if the last draw began an interval ago: a point after a quiet spell does not wait)
 *                 or waiting (for the interval's end, or until all is gathered, gatherMs at most)
 * waiting -time-> drawing -done-> idle, or waiting where more was asked for meanwhile
 *
 * 1. Two draws never begin closer than intervalMs.
 * 2. A draw never begins before the last one has ended: on a slow machine frames are left out, they do not pile up.
 * 3. While hidden nothing is drawn; what was asked for meanwhile is drawn once the page is seen again.
 */
export interface FrameClockOptions {
	intervalMs: number;
	/** What comes within this time of the first change after a quiet spell is drawn with it. 0: the change is drawn at once. */
	gatherMs?: number;
	/** There is nothing to gather any more. */
	complete?(): boolean;
	/** Draws; ends when the picture is on the screen. */
	draw(): Promise<void>;
	hidden(): boolean;
	nowMs(): number;
	/** Calls once, later; the answer calls it off. */
	after(delayMs: number, call: () => void): () => void;
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

	/** The page was hidden or is seen again. */
	visibilityChanged(): void {
		if (this.#asked) this.#next();
	}

	stop(): void {
		this.#stopped = true;
		this.#stopWaiting?.();
	}

	#next(): void {
		const { hidden, nowMs, intervalMs, after } = this.#options;
		if (this.#stopped || this.#drawing || hidden()) return;
		const dueMs = this.#begunMs + intervalMs - nowMs();
		const gatherMs = this.#gatherMs();
		if (dueMs <= 0 && gatherMs === 0) {
			this.#stopWaiting?.();
			this.#stopWaiting = undefined;
			void this.#draw();
			return;
		}
		this.#stopWaiting ??= after(Math.max(gatherMs, dueMs), () => {
			this.#stopWaiting = undefined;
			if (!hidden()) void this.#draw();
		});
	}

	#gatherMs(): number {
		const { gatherMs = 0, complete } = this.#options;
		return complete?.() ? 0 : gatherMs;
	}

	async #draw(): Promise<void> {
		const { draw, nowMs, onError } = this.#options;
		this.#asked = false;
		this.#drawing = true;
		this.#begunMs = nowMs();
		try {
			await draw();
		} catch (error) {
			onError(error);
		}
		this.#drawing = false;
		if (this.#asked) this.#next();
	}
}
