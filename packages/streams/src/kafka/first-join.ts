/**
 * Lets kafkajs restart a consumer by itself before its first join, and only then. kafkajs treats a
 * coordinator that is still loading (a broker that has just started) as a crash. Before the first
 * join a retry loses nothing; later a failure ends the consumer, and its owner decides.
 */
import type { ToStreamsError } from "./security/access-refused.ts";

const RESTARTS_MAX = 40;

export class FirstJoin {
	readonly #failure: ToStreamsError;
	#over = false;
	#restarts = 0;

	constructor(failure: ToStreamsError) {
		this.#failure = failure;
	}

	/** For kafkajs's `retry.restartOnFailure`. */
	readonly restartOnFailure = async (error: unknown): Promise<boolean> => {
		const { code, fatal } = this.#failure(
			error,
			"group-failed",
			"the first join",
		);
		return (
			!this.#over &&
			!fatal &&
			// The owner waits for the other members to leave, and reports it.
			code !== "group-occupied" &&
			code !== "session-timeout-refused" &&
			this.#restarts++ < RESTARTS_MAX
		);
	};

	joined(): void {
		this.#over = true;
	}

	/** The owner has another consumer by now: one that crashed just before must not restart. */
	left(): void {
		this.#over = true;
	}
}
