/**
 * Recomputes every path from the topics, or what a websocket shows, and reports where they differ.
 * Everything but read-topics.ts and websocket/read-stream.ts works without I/O.
 */
export {
	Audit,
	type AuditResult,
	auditPartition,
	type PartitionStreams,
} from "./audit.ts";
export { CouldNotTell } from "./could-not-tell.ts";
export type { AuditCounts } from "./counts.ts";
export { FINDING_KINDS, type Finding, type FindingKind } from "./findings.ts";
export type { PartitionAudit } from "./partition-audit.ts";
export {
	AUDIT_SETTINGS,
	type AuditTopicsOptions,
	auditTopics,
} from "./read-topics.ts";
export type { RecordStore } from "./record-store.ts";
export { describeRefused } from "./refused-devices.ts";
export { auditReport } from "./report.ts";
export {
	AUDIT_LIMITS,
	type AuditedTopic,
	type AuditLimits,
	type AuditOptions,
	type LogRecord,
	type PartitionRange,
	type TopicNames,
} from "./types.ts";
export {
	CouldNotRead,
	readStream,
	VERIFY_SETTINGS,
	type VerifyOptions,
	type VerifyResult,
} from "./websocket/read-stream.ts";
