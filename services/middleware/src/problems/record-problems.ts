/**
 * Counts records with a problem by reason, with the newest as an example, and logs them.
 *
 * Bounds: REASONS_MAX reasons, one log line per reason in LOG_INTERVAL_MS.
 */
import type { Clock } from "@fireworks/time";

export const REASONS_MAX = 16;
export const LOG_INTERVAL_MS = 10_000;
/** Clients are sent changes at most this often. */
export const CHANGE_MS = 1_000;
export const OTHER = "other reasons";

export interface ProblemLogger {
	warn(facts: object, message: string): void;
}

/** At most one line about the same thing in LOG_INTERVAL_MS. */
export class ProblemLog {
	readonly #clock: Clock;
	readonly #logger: ProblemLogger;
	readonly #loggedMs = new Map<string, number>();

	constructor(clock: Clock, logger: ProblemLogger) {
		this.#clock = clock;
		this.#logger = logger;
	}

	warn(about: string, facts: object, message: string): void {
		const now = this.#clock.monotonicMs();
		if (now - (this.#loggedMs.get(about) ?? -Infinity) < LOG_INTERVAL_MS)
			return;
		// Codes come from the topic, so their number is not limited.
		if (this.#loggedMs.size > 2 * REASONS_MAX) this.#loggedMs.clear();
		this.#loggedMs.set(about, now);
		this.#logger.warn(facts, message);
	}
}

export interface CountedReason {
	reason: string;
	count: number;
	example: string;
}

export class RecordProblems {
	readonly #log: ProblemLog;
	readonly #byReason = new Map<string, { count: number; example: string }>();

	constructor(log: ProblemLog) {
		this.#log = log;
	}

	/** example: where to find the record. */
	add(reason: string, example: string): void {
		const known =
			this.#byReason.has(reason) || this.#byReason.size < REASONS_MAX;
		const name = known ? reason : OTHER;
		const count = (this.#byReason.get(name)?.count ?? 0) + 1;
		this.#byReason.set(name, { count, example });
		this.#log.warn(name, { reason, example, count }, "record with a problem");
	}

	all(): CountedReason[] {
		return [...this.#byReason].map(([reason, { count, example }]) => ({
			reason,
			count,
			example,
		}));
	}
}

/** A version that rises with changes, at most once in CHANGE_MS. 0: nothing has changed yet. */
export class ChangeVersion {
	readonly #clock: Clock;
	#version = 0;
	#changed = false;
	#changedMs = Number.NEGATIVE_INFINITY;

	constructor(clock: Clock) {
		this.#clock = clock;
	}

	changed(): void {
		this.#changed = true;
	}

	/** Call it regularly. */
	now(): number {
		const now = this.#clock.monotonicMs();
		if (this.#changed && now - this.#changedMs >= CHANGE_MS) {
			this.#changed = false;
			this.#changedMs = now;
			this.#version++;
		}
		return this.#version;
	}
}
