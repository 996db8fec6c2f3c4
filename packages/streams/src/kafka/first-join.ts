/**
 * kafkajs takes a coordinator that is still loading (a broker that has just started) for a crash. Before the first join nothing is lost
 * by trying again, so that kafkajs may restart by itself then, and only then: later a failure ends the consumer, and its owner decides.
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
			// Its owner waits for the others to leave, and says so.
			code !== "group-occupied" &&
			this.#restarts++ < RESTARTS_MAX
		);
	};

	joined(): void {
		this.#over = true;
	}

	/** Its owner has another one by now: a consumer that crashed just before must not come back. */
	left(): void {
		this.#over = true;
	}
}
