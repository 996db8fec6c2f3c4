/**
 * `fireworks audit`: recomputes every path from the topics, and reports records that are lost,
 * doubled or torn.
 */
import { AUDIT_SETTINGS, auditReport, auditTopics } from "@fireworks/audit";
import { KAFKA_SETTINGS, parseSettings } from "@fireworks/contracts";
import { openLog } from "@fireworks/streams";
import { CLI_EXIT, CliError, type CliExit } from "../exit-codes.ts";
import { parseAll } from "../settings.ts";
import type { AuditOptions } from "../target.ts";
import { compareVariables } from "./compare.ts";
import { auditLake } from "./lake/audit-lake.ts";
import { topicsEnvironment } from "./settings.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * Exit code 0: clean; 1: findings, each listed; 2: no result, with the reason. json: prints one
 * JSON object. compare: audits the second engine's topics instead of the first's. lake: audits the
 * tables of the lake.
 */
export async function audit(options: AuditOptions): Promise<CliExit> {
	if (options.lake) {
		if (options.compare)
			throw new CliError(
				CLI_EXIT.usage,
				"The lake holds the first engine's streams: leave --compare away.",
			);
		return auditLake(options);
	}
	const environment = await topicsEnvironment(process.env);
	const second = options.compare ? compareVariables(parseAll(environment)) : {};
	if (options.compare && Object.keys(second).length === 0)
		throw new CliError(
			CLI_EXIT.usage,
			"No second engine runs. Start one: `fireworks up --compare ENGINE`",
		);
	const settings = parseSettings({ ...environment, ...second }, [
		...AUDIT_SETTINGS,
		...KAFKA_SETTINGS,
	]);
	const log = openLog({
		brokers: settings.brokers,
		security: settings,
		clientId: "fireworks-audit",
		logger: silent,
	});
	try {
		const result = await auditTopics({ log, settings });
		print(
			options.json,
			{ result: result.clean ? "clean" : "findings", ...result },
			() => auditReport(result),
		);
		return result.clean ? CLI_EXIT.ok : CLI_EXIT.failure;
	} catch (error) {
		const reason = (error as Error).message;
		print(options.json, { result: "unknown", reason }, () => [
			`Could not tell: ${reason}`,
		]);
		return CLI_EXIT.unknown;
	} finally {
		await log.close().catch(() => {});
	}
}

function print(
	json: boolean,
	value: object,
	lines: () => readonly string[],
): void {
	if (json) console.log(JSON.stringify(value));
	else for (const line of lines()) console.log(line);
}
