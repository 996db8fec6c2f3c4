/** The q-quantile of some numbers, by the nearest rank; NaN for an empty list. */
export function quantile(numbers: readonly number[], q: number): number {
	const sorted = [...numbers].sort((a, b) => a - b);
	return sorted[Math.max(0, Math.ceil(q * sorted.length) - 1)] ?? Number.NaN;
}
export const median = (numbers: readonly number[]): number =>
	quantile(numbers, 0.5);
