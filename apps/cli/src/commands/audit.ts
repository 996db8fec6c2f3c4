/** `fireworks audit`: recomputes every path from the topics, and says whether anything was lost, doubled or torn. */
import { KAFKA_SETTINGS, parseSettings } from "@fireworks/contracts";
import { openLog } from "@fireworks/streams";
import type { AuditResult } from "../audit/index.ts";
import { AUDIT_SETTINGS, auditTopics } from "../audit/read-topics.ts";
import { compareVariables } from "../compare.ts";
import { CLI_EXIT, CliError, type CliExit } from "../exit-codes.ts";
import {
	parseAll,
	partVariables,
	rememberedEnvironment,
} from "../local-settings.ts";
import { auditReport } from "../ui/audit-report.ts";

const silent = { debug() {}, info() {}, warn() {}, error() {} };

/**
 * 0: clean; 1: findings, each named; 2: could not tell, and why. json: one object for programs.
 * compare: of the second engine's topics, instead of the first's.
 */
export async function audit(options: {
	json: boolean;
	compare: boolean;
}): Promise<CliExit> {
	const remembered = rememberedEnvironment(process.env);
	// The local system's brokers follow from its port; brokers that were named are taken as they are.
	const environment =
		remembered.FIREWORKS_BROKERS === undefined
			? {
					...remembered,
					...(await partVariables(remembered, parseAll(remembered))),
				}
			: remembered;
	const second = options.compare ? compareVariables(parseAll(environment)) : {};
	if (options.compare && Object.keys(second).length === 0)
		throw new CliError(
			CLI_EXIT.usage,
			"No engine is compared: start it by `fireworks up --compare <engine>`.",
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
		say(
			options.json,
			{ result: result.clean ? "clean" : "findings", ...result },
			() => auditReport(result),
		);
		return result.clean ? CLI_EXIT.ok : CLI_EXIT.failure;
	} catch (error) {
		const reason = (error as Error).message;
		say(options.json, { result: "unknown", reason }, () => [
			`Could not tell: ${reason}`,
		]);
		return CLI_EXIT.unknown;
	} finally {
		await log.close().catch(() => {});
	}
}

function say(
	json: boolean,
	value: object | AuditResult,
	lines: () => readonly string[],
): void {
	if (json) console.log(JSON.stringify(value));
	else for (const line of lines()) console.log(line);
}
