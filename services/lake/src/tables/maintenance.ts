/**
 * When a table is maintained. It happens between two commits, so rows wait meanwhile: it gets at
 * most MAINTENANCE_SHARE of the time.
 */
import { FencedError, type OwnedTable } from "@fireworks/lake";
import type { Clock } from "@fireworks/time";
import { MAINTENANCE_MIN_MS, MAINTENANCE_SHARE } from "../limits.ts";

export class Maintenance {
	readonly #logger: { warn(facts: object, message: string): void };
	readonly #clock: Clock;
	#nextMs = 0;

	constructor(
		logger: { warn(facts: object, message: string): void },
		clock: Clock,
	) {
		this.#logger = logger;
		this.#clock = clock;
	}

	/** Throws FencedError. Any other failure is logged: rows are more important. */
	async run(table: Pick<OwnedTable, "name" | "maintain">): Promise<void> {
		const started = this.#clock.monotonicMs();
		if (started < this.#nextMs) return;
		try {
			await table.maintain();
		} catch (error) {
			if (error instanceof FencedError) throw error;
			this.#logger.warn(
				{ err: error, table: table.name },
				"a table was not maintained: its small files and old snapshots stay until the next try",
			);
		}
		const ended = this.#clock.monotonicMs();
		const pause = (ended - started) * (1 / MAINTENANCE_SHARE - 1);
		this.#nextMs = ended + Math.max(MAINTENANCE_MIN_MS, pause);
	}
}
