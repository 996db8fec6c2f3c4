/** Lengths of time, as a number of ms or as text such as "90s", "5m", "1h" or "7d". */
export type Duration = number | string;

const UNITS_MS: Readonly<Record<string, number>> = {
	ms: 1,
	s: 1_000,
	m: 60_000,
	h: 3_600_000,
	d: 86_400_000,
};

/** ms. what: what the time is for, for the error. Throws unless it is a whole number of ms. */
export function durationMs(
	duration: Duration,
	what: string,
	min: 0 | 1 = 0,
): number {
	const [, count, unit = "ms"] =
		/^(\d+(?:\.\d+)?)(ms|s|m|h|d)?$/.exec(String(duration)) ?? [];
	const ms = Number(count) * (UNITS_MS[unit] as number);
	if (Number.isSafeInteger(ms) && ms >= min) return ms;
	throw new Error(
		`${what} is ${JSON.stringify(duration)}: give ms as a whole number of at least ${min}, or text such as 90s, 5m, 1h or 7d`,
	);
}
