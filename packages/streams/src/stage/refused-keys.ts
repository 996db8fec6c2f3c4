/**
 * Keys whose newest record the step refused. One bad record can leave a state behind that refuses
 * every later record of its key, for years. So such keys are shown in the log, the metrics and on
 * `/refused`.
 */
import type { DeadLetter } from "../errors.ts";
import type { StreamsLogger } from "../kafka/logger.ts";
import type { LogRecord } from "../log.ts";

/** Number of keys kept. Beyond it, new ones are only counted as dead letters. */
const KEPT_MAX = 1_000;
/** Number of keys that `list` returns, the longest refused first. */
const LISTED_MAX = 100;
/** The first refusal is logged at once; later ones at most this often. */
const LOG_EVERY_MS = 60_000;
const EXAMPLES_MAX = 5;

export interface RefusedKey {
	readonly key: string;
	readonly partition: number;
	/** Code of the newest refusal. */
	readonly code: string;
	readonly message: string;
	/** What the key's next record must have to be accepted; absent if the stage does not say. */
	readonly waitsFor?: string;
	/** When the refusals began, ISO 8601. */
	readonly since: string;
	/** Number of records refused since then. */
	readonly records: number;
}

export class RefusedKeys {
	readonly #stage: string;
	readonly #logger: StreamsLogger;
	readonly #keys = new Map<string, RefusedKey>();
	/** Refusals by code since the last log line. */
	readonly #counts = new Map<string, number>();
	readonly #examples: string[] = [];
	#loggedAt = Number.NEGATIVE_INFINITY;

	constructor(stage: string, logger: StreamsLogger) {
		this.#stage = stage;
		this.#logger = logger;
	}

	/** Notes a refused record. key: undefined if it could not be read. now: ms since 1970. */
	refused(
		key: string | undefined,
		{ partition, offset }: LogRecord,
		reason: DeadLetter,
		now: number,
	): void {
		const { code, message, waitsFor } = reason;
		if (key !== undefined) {
			const known = this.#keys.get(key);
			if (known !== undefined || this.#keys.size < KEPT_MAX)
				this.#keys.set(key, {
					key,
					partition,
					code,
					message,
					...(waitsFor === undefined ? {} : { waitsFor }),
					since: known?.since ?? new Date(now).toISOString(),
					records: (known?.records ?? 0) + 1,
				});
		}
		this.#counts.set(code, (this.#counts.get(code) ?? 0) + 1);
		if (this.#examples.length < EXAMPLES_MAX)
			this.#examples.push(
				// The reason why a record could not be read may quote the record, and payloads are
				// never logged.
				key === undefined
					? `a record (partition ${partition}, offset ${offset}): ${code}`
					: `${key} (partition ${partition}, offset ${offset}): ${code}, ${message}${waitsFor === undefined ? "" : `; waits for ${waitsFor}`}`,
			);
		if (now - this.#loggedAt >= LOG_EVERY_MS) this.#log(now);
	}

	/** Notes that a record of the key was accepted. */
	taken(key: string): void {
		if (this.#keys.size > 0) this.#keys.delete(key);
	}

	/** Another process has the partition now. */
	forgetPartition(partition: number): void {
		for (const [key, refused] of this.#keys)
			if (refused.partition === partition) this.#keys.delete(key);
	}

	/** Number of refused keys, by the code of their newest refusal. */
	countByCode(): Map<string, number> {
		const counts = new Map<string, number>();
		for (const { code } of this.#keys.values())
			counts.set(code, (counts.get(code) ?? 0) + 1);
		return counts;
	}

	list(): { total: number; keys: RefusedKey[] } {
		return {
			total: this.#keys.size,
			keys: [...this.#keys.values()].slice(0, LISTED_MAX),
		};
	}

	#log(now: number): void {
		this.#loggedAt = now;
		this.#logger.warn(
			{
				stage: this.#stage,
				records: Object.fromEntries(this.#counts),
				refusedKeys: this.#keys.size,
				examples: [...this.#examples],
			},
			"records were refused and are in the dead-letter topic; said at most once a minute",
		);
		this.#counts.clear();
		this.#examples.length = 0;
	}
}
