/** What the proxy does to single requests and replies: which ones, how many, and what. */
import type { KafkaRequest } from "./kafka-frames.ts";

export type Action =
	/** Held back until release(). Everything after it on the connection waits too. */
	| "hold"
	/** Never arrives. */
	| "swallow"
	/** The connection is cut after half of the frame. */
	| "cut";

export interface RuleOptions {
	apiKey: number;
	/** "reply": the broker has already done what the request asked for. */
	direction: "request" | "reply";
	action: Action;
	/** The client's id, such as `fireworks-processor`. */
	clientId: string;
	/**
	 * Bytes that the request must contain: the stream's id is part of the names of its topics,
	 * group and transactional ids.
	 */
	naming: string;
	/** Number of frames. Default: 1. */
	times?: number;
	/** Number of matching frames to let through first. Default: 0. */
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

	/** Number of frames it was applied to. */
	get hits(): number {
		return this.#hits;
	}

	/** The first request it was applied to (also if it targets replies). */
	get caught(): Promise<KafkaRequest> {
		return this.#caught.promise;
	}

	get released(): Promise<void> {
		return this.#released.promise;
	}

	/** Releases the held frames, and applies to no further ones. */
	release(): void {
		this.#left = 0;
		this.#released.resolve();
	}

	/** Whether the rule matches the frame; if so, counts it. */
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
