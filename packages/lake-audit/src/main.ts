/**
 * `node packages/lake-audit/src/main.ts [--json]`: what `fireworks audit --lake` runs. Exit code 0:
 * clean; 1: findings, each listed; 2: no result, with the reason.
 */
import { AUDIT_SETTINGS } from "@fireworks/audit";
import { KAFKA_SETTINGS, parseSettings } from "@fireworks/contracts";
import { openReader } from "@fireworks/lake";
import { openLog } from "@fireworks/streams";
import { auditLake, lakeReport } from "./audit-lake.ts";

const EXIT = { clean: 0, findings: 1, unknown: 2 } as const;
const silent = { debug() {}, info() {}, warn() {}, error() {} };

const json = process.argv.includes("--json");
const print = (value: object, lines: () => readonly string[]): void => {
	if (json) console.log(JSON.stringify(value));
	else for (const line of lines()) console.log(line);
};

async function main(): Promise<number> {
	const settings = parseSettings(process.env, [
		...AUDIT_SETTINGS,
		...KAFKA_SETTINGS,
		"lakeDir",
	]);
	const log = openLog({
		brokers: settings.brokers,
		security: settings,
		clientId: "fireworks-lake-audit",
		logger: silent,
	});
	try {
		const reader = openReader({
			catalog: { kind: "files", folder: settings.lakeDir },
		});
		const result = await auditLake(reader, { log, settings });
		print({ result: result.clean ? "clean" : "findings", ...result }, () =>
			lakeReport(result),
		);
		return result.clean ? EXIT.clean : EXIT.findings;
	} catch (error) {
		const reason = (error as Error).message;
		print({ result: "unknown", reason }, () => [`Could not tell: ${reason}`]);
		return EXIT.unknown;
	} finally {
		await log.close().catch(() => {});
	}
}

process.exit(await main());
