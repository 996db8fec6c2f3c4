/** Times and sizes in readable form. */

/** For example: 0.4 s, 12.3 s, 3 min 20 s, 2 h 5 min, 3 d 4 h */
export function duration(ms: number): string {
	if (ms < 60_000) return `${(ms / 1_000).toFixed(1)} s`;
	const seconds = Math.floor(ms / 1_000);
	const [s, m, h, d] = [
		seconds % 60,
		Math.floor(seconds / 60) % 60,
		Math.floor(seconds / 3_600) % 24,
		Math.floor(seconds / 86_400),
	];
	if (d > 0) return `${d} d ${h} h`;
	return h > 0 ? `${h} h ${m} min` : `${m} min ${s} s`;
}

/** Bytes as MB (10^6). */
export const megabytes = (bytes: number): string =>
	`${(bytes / 1e6).toFixed(1)} MB`;

/** Bytes as kB or MB. */
export const fileSize = (bytes: number): string =>
	bytes < 1e6 ? `${Math.ceil(bytes / 1e3)} kB` : megabytes(bytes);

export const plural = (n: number, word: string): string =>
	`${n} ${word}${n === 1 ? "" : "s"}`;
