/**
 * kafkajs takes a coordinator that is still loading (a broker that has just started) for a crash. Before the first join nothing is lost
 * by trying again, so that kafkajs may restart by itself then, and only then: later a failure ends the consumer, and its owner decides.
 */
const RESTARTS_MAX = 40;

export class FirstJoin {
	#joined = false;
	#restarts = 0;

	/** For kafkajs's `retry.restartOnFailure`. */
	readonly restartOnFailure = async (): Promise<boolean> =>
		!this.#joined && this.#restarts++ < RESTARTS_MAX;

	joined(): void {
		this.#joined = true;
	}
}
