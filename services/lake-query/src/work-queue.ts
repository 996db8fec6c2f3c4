/** A queue of work: so many at once, so many that wait, and not longer than that. */
import { RequestRefused } from "./http/request-refused.ts";

export interface QueueLimits {
	readonly running: number;
	readonly waiting: number;
	readonly waitMs: number;
}

export class WorkQueue {
	readonly #limits: QueueLimits;
	#running = 0;
	readonly #waiting = new Set<() => void>();

	constructor(limits: QueueLimits) {
		this.#limits = limits;
	}

	get running(): number {
		return this.#running;
	}

	get waiting(): number {
		return this.#waiting.size;
	}

	/**
	 * Runs the work when its turn comes. Throws RequestRefused if the queue is full or the turn comes
	 * too late, and the signal's reason if that is aborted before.
	 */
	async run<T>(signal: AbortSignal, work: () => Promise<T>): Promise<T> {
		await this.#turn(signal);
		try {
			return await work();
		} finally {
			this.#pass();
		}
	}

	async #turn(signal: AbortSignal): Promise<void> {
		signal.throwIfAborted();
		if (this.#running < this.#limits.running) {
			this.#running++;
			return;
		}
		if (this.#waiting.size >= this.#limits.waiting) throw tooMany();
		const { promise, resolve, reject } = Promise.withResolvers<void>();
		const leave = (error: unknown) => {
			if (this.#waiting.delete(resolve)) reject(error);
		};
		const timer = setTimeout(() => leave(tooMany()), this.#limits.waitMs);
		const onAbort = () => leave(signal.reason);
		this.#waiting.add(resolve);
		signal.addEventListener("abort", onAbort, { once: true });
		try {
			await promise;
		} finally {
			clearTimeout(timer);
			signal.removeEventListener("abort", onAbort);
		}
	}

	/** Gives the place to the one that has waited longest. */
	#pass(): void {
		const [next] = this.#waiting;
		if (next === undefined) {
			this.#running--;
			return;
		}
		this.#waiting.delete(next);
		next();
	}
}

const tooMany = () =>
	new RequestRefused(
		"too-many-requests",
		"too many queries are in progress: try again later",
	);
