/** When and how much is maintained. */

export interface MaintenanceSettings {
	/** How long a file stays after no snapshot names it any more: readers may still have it open. */
	readonly graceMs: number;
	/**
	 * A file that no snapshot names, and that is older than this, was left by a writer that ended in
	 * the middle of a commit. A commit that is under way has younger ones.
	 */
	readonly orphanAgeMs: number;
	/** How often such files are looked for. */
	readonly sweepEveryMs: number;
	/** Without new rows for this long, all small files of a partition are merged into one. */
	readonly quietMs: number;
	/** Merges are planned after this many commits, or after this time. */
	readonly planEveryCommits: number;
	readonly planEveryMs: number;
	/** Milliseconds since 1970. */
	readonly now: () => number;
}

const MINUTE_MS = 60_000;
const HOUR_MS = 3_600_000;

export const MAINTENANCE: MaintenanceSettings = {
	graceMs: 10 * MINUTE_MS,
	orphanAgeMs: 24 * HOUR_MS,
	sweepEveryMs: HOUR_MS,
	quietMs: 10 * MINUTE_MS,
	planEveryCommits: 20,
	planEveryMs: MINUTE_MS,
	now: Date.now,
};
