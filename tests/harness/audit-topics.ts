/** Audits a stream's topics like the command `fireworks audit`, with the findings as texts. */

import type { AuditCounts, Finding } from "@fireworks/audit";
import { auditTopics } from "@fireworks/audit";
import type { SettingName, Settings } from "@fireworks/contracts";
import type { Log } from "@fireworks/streams";

export interface TestAudit {
	/** Empty if the topics are correct. */
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
		readTimeoutMs: 120_000,
	});
	return { findings: findings.map(inWords), counts };
}

const inWords = (f: Finding): string =>
	`${f.kind}: ${f.topic}/${f.partition} at ${f.offset}, ${f.deviceId ?? "?"} seq ${f.seq ?? "?"}${f.field ? `, ${f.field}` : ""}: expected ${f.expected}, found ${f.found}`;
