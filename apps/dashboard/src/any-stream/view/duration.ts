/** A span of time as the page's address writes it: 90s, 5m, 12h, 7d. */
const UNITS = { d: 86_400_000, h: 3_600_000, m: 60_000, s: 1_000, ms: 1 };

export function readDuration(text: string): number | undefined {
	const [, digits, unit] = /^(\d{1,15})(ms|s|m|h|d)$/.exec(text) ?? [];
	return digits === undefined
		? undefined
		: Number(digits) * UNITS[unit as keyof typeof UNITS];
}

export function durationText(ms: number): string {
	const [unit, size] = Object.entries(UNITS).find(
		([, size]) => ms >= size && ms % size === 0,
	) ?? ["ms", 1];
	return `${ms / size}${unit}`;
}
