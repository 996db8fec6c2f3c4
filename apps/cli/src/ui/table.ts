/**
 * Aligned columns, each as wide as its widest cell. The last column is cut at the width of the
 * terminal.
 */
export function table(
	rows: readonly (readonly string[])[],
	width: number,
): string[] {
	const widths = (rows[0] ?? []).map((_, i) =>
		Math.max(...rows.map((row) => (row[i] ?? "").length)),
	);
	return rows.map((cells) =>
		cells
			.map((cell, i) =>
				i === cells.length - 1 ? cell : cell.padEnd(widths[i] ?? 0),
			)
			.join("  ")
			.trimEnd()
			.slice(0, width),
	);
}
