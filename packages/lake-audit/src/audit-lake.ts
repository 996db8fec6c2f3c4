/**
 * Audits the built-in example in the tables of the lake: every committed record of `metronome` and
 * `wiener` is in its table exactly once and unchanged, and every path that the tables hold is what
 * its ticks make of it.
 */
import {
	AUDIT_LIMITS,
	type AuditResult,
	type AuditTopicsOptions,
	auditReport,
	auditTopics,
} from "@fireworks/audit";
import type { TableReader } from "@fireworks/lake";
import {
	ROW_FINDING_KINDS,
	type RowFinding,
	RowFindings,
	type TableCounts,
} from "./findings.ts";
import { TableStore } from "./table-store.ts";

export interface LakeAuditResult {
	/** No findings in the tables, and none in the paths. */
	readonly clean: boolean;
	/** By table. */
	readonly tables: Readonly<Record<string, TableCounts>>;
	/** The first differences of the tables from their topics. */
	readonly rowFindings: readonly RowFinding[];
	readonly rowFindingsTotal: number;
	/** The paths, recomputed from the tables. */
	readonly paths: AuditResult;
}

/** Throws CouldNotTell as auditTopics does, or if a table does not come to its topic's end. */
export async function auditLake(
	reader: TableReader,
	options: Omit<AuditTopicsOptions, "store">,
): Promise<LakeAuditResult> {
	const findings = new RowFindings(AUDIT_LIMITS.findingsKeptMax);
	const store = await TableStore.open({
		log: options.log,
		reader,
		findings,
		waitMs: options.settings.auditWaitMs,
	});
	try {
		const paths = await auditTopics({ ...options, store });
		return {
			clean: paths.clean && findings.total === 0,
			tables: Object.fromEntries(findings.counts),
			rowFindings: findings.kept,
			rowFindingsTotal: findings.total,
			paths,
		};
	} finally {
		store.close();
	}
}

/** The result as lines for the terminal. */
export function lakeReport({
	clean,
	tables,
	rowFindings,
	rowFindingsTotal,
	paths,
}: LakeAuditResult): string[] {
	const more = rowFindingsTotal - rowFindings.length;
	return [
		clean
			? "Clean: every committed record is in its table once and unchanged."
			: rowFindingsTotal === 0
				? "The tables hold what the topics hold, but the paths are wrong."
				: `${rowFindingsTotal} ${rowFindingsTotal === 1 ? "row is" : "rows are"} wrong.`,
		...Object.entries(tables).map(
			([name, { rows, compared, refused }]) =>
				`  ${name}: ${rows} rows, ${compared} of them compared with the topic's records, ${refused} refused records`,
		),
		...rowFindings.map(findingLine),
		...(more > 0 ? [`… and ${more} more`] : []),
		"The paths, recomputed from the tables:",
		...auditReport(paths).map((line) => `  ${line}`),
	];
}

const findingLine = (f: RowFinding): string =>
	`${f.kind} (${ROW_FINDING_KINDS[f.kind]}): ${f.table}, partition ${f.partition} offset ${f.offset}${f.column === undefined ? "" : `, ${f.column}`}: expected ${f.expected}, found ${f.found}`;
