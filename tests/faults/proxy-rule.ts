/** What the proxy does to single requests and replies: which ones, how often, and what. */
import type { KafkaRequest } from "./kafka-frames.ts";

export type Action =
	/** Kept back until release(); what follows on the connection waits behind it. */
	| "hold"
	/** Never arrives. */
	| "swallow"
	/** The connection is cut: after half of the frame. */
	| "cut";

export interface RuleOptions {
	apiKey: number;
	/** "reply": the broker has done what the request asked for. */
	direction: "request" | "reply";
	action: Action;
	/** The client's id, as `fireworks-processor`. */
	clientId: string;
	/** Bytes that the request must hold: the stream's id stands in the names of its topics, group and transactional ids. */
	naming: string;
	/** How many frames. Default: 1. */
	times?: number;
	/** How many such frames pass before. Default: 0. */
	after?: number;
}

export class Rule {
	readonly #options: RuleOptions;
	readonly #caught = Promise.withResolvers<KafkaRequest>();
	readonly #released = Promise.withResolvers<void>();
	#left: number;
	#passing: number;
	#hits = 0;

	constructor(options: RuleOptions) {
		this.#options = options;
		this.#left = options.times ?? 1;
		this.#passing = options.after ?? 0;
	}

	get action(): Action {
		return this.#options.action;
	}

	/** Frames it was applied to. */
	get hits(): number {
		return this.#hits;
	}

	/** The first request that it was applied to (also where the reply was meant). */
	get caught(): Promise<KafkaRequest> {
		return this.#caught.promise;
	}

	get released(): Promise<void> {
		return this.#released.promise;
	}

	/** Lets go what is held, and applies to no more frames. */
	release(): void {
		this.#left = 0;
		this.#released.resolve();
	}

	/** Whether the frame is meant; counts it then. */
	applies(direction: "request" | "reply", request: KafkaRequest): boolean {
		const { apiKey, clientId, naming } = this.#options;
		if (
			this.#left === 0 ||
			direction !== this.#options.direction ||
			request.apiKey !== apiKey ||
			request.clientId !== clientId ||
			!request.frame.includes(naming)
		)
			return false;
		if (this.#passing > 0) {
			this.#passing--;
			return false;
		}
		this.#left--;
		this.#hits++;
		this.#caught.resolve(request);
		return true;
	}
}
