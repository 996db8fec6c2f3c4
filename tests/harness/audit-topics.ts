/** The audit of a stream's topics, as the command `fireworks audit` does it, with its findings as texts. */
import type { SettingName, Settings } from "@fireworks/contracts";
import type { Log } from "@fireworks/streams";
import type { AuditCounts, Finding } from "../../apps/cli/src/audit/index.ts";
import { auditTopics } from "../../apps/cli/src/audit/read-topics.ts";

export interface TestAudit {
	/** Empty: clean. */
	findings: string[];
	counts: AuditCounts;
}

export async function auditStream(
	log: Log,
	settings: Settings<SettingName>,
): Promise<TestAudit> {
	const { findings, counts } = await auditTopics({
		log,
		settings,
		readTimeoutMs: 60_000,
	});
	return { findings: findings.map(inWords), counts };
}

const inWords = (f: Finding): string =>
	`${f.kind}: ${f.topic}/${f.partition} at ${f.offset}, ${f.deviceId ?? "?"} seq ${f.seq ?? "?"}${f.field ? `, ${f.field}` : ""}: expected ${f.expected}, found ${f.found}`;
