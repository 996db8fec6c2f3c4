/**
 * A clock that stands still until it is run. It goes from event to event, and everything that an
 * event triggers (promises, however many) is done before the next event. The same events come in
 * the same order every time, and an hour costs nothing.
 *
 * The queue of promises is empty between two events, because Node runs process.nextTick only then.
 * So code under this clock must not wait for anything else: no socket, no file, no timer of the
 * machine.
 */
import type { Clock } from "../time.ts";

interface Event {
	readonly atMs: number;
	/** Events of the same ms happen in the order in which they were scheduled. */
	readonly order: number;
	work: (() => void) | undefined;
}

/** Number of events between two turns of the machine's event loop. */
const TURN_EVERY = 1_000;

export class VirtualTime implements Clock {
	readonly #events: Event[] = [];
	#nowMs: number;
	#order = 0;
	#settled = 0;

	/** startMs: ms since 1970. */
	constructor(startMs = 1_767_225_600_000) {
		this.#nowMs = startMs;
	}

	now(): number {
		return this.#nowMs;
	}

	sleep(ms: number, signal?: AbortSignal): Promise<void> {
		return new Promise((resolve) => {
			if (signal?.aborted) return resolve();
			const end = () => {
				cancel();
				signal?.removeEventListener("abort", end);
				resolve();
			};
			const cancel = this.after(ms, end);
			signal?.addEventListener("abort", end, { once: true });
		});
	}

	/** Runs work after this many ms; returns a function that cancels it. */
	after(ms: number, work: () => void): () => void {
		const event: Event = {
			atMs: this.#nowMs + Math.max(0, ms),
			order: this.#order++,
			work,
		};
		this.#push(event);
		return () => {
			event.work = undefined;
		};
	}

	/**
	 * Goes to the next event and runs it, with everything that follows from it. False: there is no
	 * event.
	 */
	async step(): Promise<boolean> {
		const event = this.#next();
		if (event === undefined) return false;
		this.#pop();
		this.#nowMs = event.atMs;
		event.work?.();
		await this.#settle();
		return true;
	}

	/**
	 * Waits until no promise has anything left to do. Now and then the machine's own timers get a
	 * turn, such as a test's time-out.
	 */
	async #settle(): Promise<void> {
		if (++this.#settled % TURN_EVERY === 0) await new Promise(setImmediate);
		else await new Promise<void>((resolve) => process.nextTick(resolve));
	}

	/**
	 * Goes from event to event until a condition holds, for at most this many ms. Returns whether
	 * it holds.
	 */
	async runUntil(holds: () => boolean, forMs: number): Promise<boolean> {
		const endMs = this.#nowMs + forMs;
		await this.#settle();
		while (!holds()) {
			if ((this.#next()?.atMs ?? Number.POSITIVE_INFINITY) > endMs) {
				this.#nowMs = endMs;
				return false;
			}
			await this.step();
		}
		return true;
	}

	/** The next event that was not cancelled. */
	#next(): Event | undefined {
		while (this.#events.length > 0 && this.#events[0]?.work === undefined)
			this.#pop();
		return this.#events[0];
	}

	#push(event: Event): void {
		const heap = this.#events;
		let i = heap.push(event) - 1;
		while (i > 0) {
			const parent = (i - 1) >>> 1;
			if (!isBefore(event, heap[parent] as Event)) break;
			heap[i] = heap[parent] as Event;
			i = parent;
		}
		heap[i] = event;
	}

	#pop(): Event | undefined {
		const heap = this.#events;
		const first = heap[0];
		const last = heap.pop();
		if (first === undefined || last === undefined || heap.length === 0)
			return first;
		let i = 0;
		for (;;) {
			let child = 2 * i + 1;
			if (child >= heap.length) break;
			if (
				child + 1 < heap.length &&
				isBefore(heap[child + 1] as Event, heap[child] as Event)
			)
				child++;
			if (!isBefore(heap[child] as Event, last)) break;
			heap[i] = heap[child] as Event;
			i = child;
		}
		heap[i] = last;
		return first;
	}
}

const isBefore = (a: Event, b: Event): boolean =>
	a.atMs < b.atMs || (a.atMs === b.atMs && a.order < b.order);
