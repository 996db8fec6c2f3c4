/** The results of a fault run for the table at the end, passed in vitest's task meta. */

export interface FaultResult {
	fault: string;
	/** How often the fault struck. */
	times: number;
	/** Time from the fault to the first new committed record of every partition. */
	recoveredMs: number[];
	ticks: number;
	deadLetters: number;
	audit: string;
}

declare module "vitest" {
	interface TaskMeta {
		fault?: FaultResult;
	}
}

const HEAD = [
	"fault",
	"times",
	"recovered in (max)",
	"ticks",
	"dead letters",
	"audit",
];

/** The table as text: the first column is left-aligned, the others are right-aligned. */
export function faultTable(results: readonly FaultResult[]): string {
	const rows = results.map((r) => [
		r.fault,
		String(r.times),
		r.recoveredMs.length === 0
			? "-"
			: `${(Math.max(...r.recoveredMs) / 1_000).toFixed(2)} s`,
		String(r.ticks),
		String(r.deadLetters),
		r.audit,
	]);
	const widths = HEAD.map((head, i) =>
		Math.max(head.length, ...rows.map((row) => row[i]?.length ?? 0)),
	);
	const line = (cells: readonly string[]) =>
		cells
			.map((cell, i) =>
				i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0),
			)
			.join("  ");
	return [
		line(HEAD),
		line(widths.map((w) => "-".repeat(w))),
		...rows.map(line),
	].join("\n");
}
