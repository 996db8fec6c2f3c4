/** The pure core of `fireworks audit`: recomputes every path from the topics, and says where they differ. */
export {
	Audit,
	type AuditResult,
	auditPartition,
	type PartitionStreams,
} from "./audit.ts";
export type { AuditCounts } from "./counts.ts";
export { FINDING_KINDS, type Finding, type FindingKind } from "./findings.ts";
export type { PartitionAudit } from "./partition-audit.ts";
export {
	AUDIT_LIMITS,
	type AuditedTopic,
	type AuditLimits,
	type AuditOptions,
	type LogRecord,
	type PartitionRange,
	type TopicNames,
} from "./types.ts";
