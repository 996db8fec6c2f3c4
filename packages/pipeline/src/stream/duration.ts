/** Durations as people write them: 90s, 30m, 12h, 7d. */

const UNITS: Readonly<Record<string, number>> = {
	s: 1_000,
	m: 60_000,
	h: 3_600_000,
	d: 86_400_000,
};

/** The duration in ms; undefined: not one. */
export function durationMs(text: string): number | undefined {
	const match = /^(\d{1,9})([smhd])$/.exec(text);
	if (match === null) return undefined;
	const ms = Number(match[1]) * (UNITS[match[2] as string] as number);
	return ms > 0 && Number.isSafeInteger(ms) ? ms : undefined;
}
