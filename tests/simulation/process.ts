/**
 * A simulated process. Everything that wakes its code (the clock and the log's responses) passes a
 * gate. A paused process does not wake up (SIGSTOP), but the requests it has sent still arrive. A
 * crashed process never wakes up again, and what it knew is lost.
 */
import type {
	Network,
	RequestName,
} from "../../packages/streams/src/memory/network.ts";
import type { VirtualTime } from "../../packages/streams/src/testing/virtual-time.ts";
import type { Clock } from "../../packages/streams/src/time.ts";

/** What happens to one request. Times in ms. */
export interface Fate {
	readonly outMs: number;
	readonly backMs: number;
	/** request: the broker never sees it; reply: the broker does it, but the reply is lost. */
	readonly lost?: "request" | "reply";
	/** What happens to the process when the broker has done the request. */
	readonly onDone?: () => void;
}

export interface ProcessOptions {
	name: string;
	time: VirtualTime;
	fateOf(process: SimProcess, request: RequestName): Fate;
	onRequest?(process: SimProcess, request: RequestName): void;
}

/** A client gives up on a response after this long; a join waits longer, for the other members. */
const REQUEST_TIMEOUT_MS = 1_500;
const JOIN_TIMEOUT_MS = 20_000;

export class SimProcess {
	readonly name: string;
	readonly clock: Clock;
	readonly network: Network;
	readonly #time: VirtualTime;
	readonly #options: ProcessOptions;
	#state: "running" | "paused" | "dead" = "running";
	#held: (() => void)[] = [];

	constructor(options: ProcessOptions) {
		this.name = options.name;
		this.#time = options.time;
		this.#options = options;
		this.clock = {
			now: () => this.#time.now(),
			sleep: (ms, signal) => this.#sleep(ms, signal),
		};
		this.network = { request: (name, work) => this.#request(name, work) };
	}

	get state(): "running" | "paused" | "dead" {
		return this.#state;
	}

	pause(): void {
		if (this.#state === "running") this.#state = "paused";
	}

	/** Delivers everything that came meanwhile, in order. */
	resume(): void {
		if (this.#state !== "paused") return;
		this.#state = "running";
		const held = this.#held;
		this.#held = [];
		for (const work of held) this.#time.after(0, () => this.#enter(work));
	}

	crash(): void {
		this.#state = "dead";
		this.#held = [];
	}

	/** A signal from outside, such as SIGTERM. */
	signal(work: () => void): void {
		this.#enter(work);
	}

	#enter(work: () => void): void {
		if (this.#state === "running") work();
		else if (this.#state === "paused") this.#held.push(work);
	}

	#sleep(ms: number, signal?: AbortSignal): Promise<void> {
		return new Promise((resolve) => {
			if (signal?.aborted) return resolve();
			const end = () => {
				cancel();
				signal?.removeEventListener("abort", end);
				resolve();
			};
			const cancel = this.#time.after(ms, () => this.#enter(end));
			signal?.addEventListener("abort", end, { once: true });
		});
	}

	#request<T>(name: RequestName, work: () => T | Promise<T>): Promise<T> {
		// Whatever a process does while it dies reaches no other process.
		if (this.#state === "dead") return new Promise(() => {});
		const { fateOf, onRequest } = this.#options;
		onRequest?.(this, name);
		const fate = fateOf(this, name);
		return new Promise((resolve, reject) => {
			const timeoutMs = name === "join" ? JOIN_TIMEOUT_MS : REQUEST_TIMEOUT_MS;
			const cancel = this.#time.after(timeoutMs, () =>
				this.#enter(() => reject(new Error(`${name}: no answer`))),
			);
			const answer = (end: () => void) => {
				fate.onDone?.();
				if (fate.lost === "reply") return;
				this.#time.after(fate.backMs, () =>
					this.#enter(() => {
						cancel();
						end();
					}),
				);
			};
			if (fate.lost === "request") return;
			this.#time.after(fate.outMs, () => {
				try {
					const done = work();
					if (!(done instanceof Promise)) return answer(() => resolve(done));
					done.then(
						(value) => answer(() => resolve(value)),
						(error) => answer(() => reject(error)),
					);
				} catch (error) {
					answer(() => reject(error));
				}
			});
		});
	}
}
