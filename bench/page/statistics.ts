/** Quantiles of samples, and rows of a Markdown table. */

/** The value that a fraction q (0 to 1) of the samples does not exceed. */
export function quantile(samples: readonly number[], q: number): number {
	const sorted = samples.toSorted((a, b) => a - b);
	return (
		sorted[Math.min(sorted.length - 1, Math.floor(q * sorted.length))] ??
		Number.NaN
	);
}

export const row = (...cells: (string | number)[]): string =>
	`| ${cells.map((cell) => (typeof cell === "number" ? cell.toFixed(cell < 10 ? 1 : 0) : cell)).join(" | ")} |`;

export const head = (...names: string[]): string =>
	`${row(...names)}\n${row(...names.map(() => "---"))}`;
