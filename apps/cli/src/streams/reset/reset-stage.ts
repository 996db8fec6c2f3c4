/**
 * `fireworks reset STAGE --from ...`: makes a stage process its input again.
 *
 * Its changelog, output and side outputs are deleted and created again, empty. New topics have new
 * ids, so a program that read the old output notices, and never takes the recomputed records for
 * further ones. Then the first position is written for each partition, with the stage's own
 * transactional identity: a process that still lives from before can write nothing to the new
 * topics.
 */

import { setTimeout as sleep } from "node:timers/promises";
import { CLI_EXIT, CliError, type CliExit } from "../../exit-codes.ts";
import { restart } from "../../local/restart.ts";
import { readState } from "../../local/state/state.ts";
import { isAlive } from "../../process/identity.ts";
import { stateFolderOf } from "../../settings.ts";
import type { From } from "../from.ts";
import { type Kafka, withKafka } from "../kafka.ts";
import { findStages } from "../stages/find-stages.ts";
import type { KnownStage } from "../stages/known-stage.ts";
import { timeText } from "../text.ts";
import { planLines, planReset, type ResetPlan } from "./plan.ts";
import { recreate, topicSpecs } from "./recreate.ts";
import {
	configOf,
	StillRuns,
	startOffsets,
	writePositions,
} from "./start-positions.ts";

export interface ResetStageOptions {
	readonly stage: string;
	readonly from: From;
	readonly downstream: boolean;
	readonly dryRun: boolean;
	/** Reset it while it runs, and restart the parts of the local system that run it. */
	readonly restart: boolean;
}

const RESTART_MAX_MS = 180_000;
/** A running stage looks for new topics every second. */
const ATTEMPTS_MAX = 20;
const BETWEEN_ATTEMPTS_MS = 1_000;
const BEGINNING: From = { kind: "beginning" };

export async function resetStage(options: ResetStageOptions): Promise<CliExit> {
	const parts = await withKafka(
		"reset",
		`reset ${options.stage} --from earliest`,
		(kafka) => reset(kafka, options),
	);
	for (const part of parts) await restart({ part, timeoutMs: RESTART_MAX_MS });
	return CLI_EXIT.ok;
}

/** Returns the parts to restart. */
async function reset(
	kafka: Kafka,
	options: ResetStageOptions,
): Promise<readonly string[]> {
	const { stages, problems } = await findStages(kafka);
	for (const problem of problems) console.error(`! ${problem}`);
	const plan = await planReset(
		kafka,
		stages,
		options.stage,
		options.downstream,
	);
	assertNotSpark(kafka, plan);
	const [stage] = plan.stages as [KnownStage];
	const where =
		options.from.kind === "time"
			? `${timeText(options.from.time)} (the records' timestamps)`
			: "the beginning";
	for (const line of planLines(plan, where, kafka.settings.topicDeadLetter))
		console.log(line);
	if (options.dryRun) {
		console.log("Nothing was changed (--dry-run).");
		return [];
	}
	const parts = partsToRestart(plan, options.restart);
	const configs = new Map<KnownStage, Readonly<Record<string, string>>>();
	for (const one of plan.stages) {
		const config = await configOf(kafka, one);
		if (config !== undefined) configs.set(one, config);
		else if (one === stage && options.from.kind === "time")
			throw new CliError(
				CLI_EXIT.failure,
				`${one.name} has never run, and its definition is not in this clone: it can only be reset with --from earliest.`,
			);
	}
	// The input of the stage itself stays, so a wrong one is found before anything is deleted.
	const first = await startOffsets(kafka, stage, options.from);
	const specs = await topicSpecs(kafka, plan.stages);
	const begin = async () => {
		await recreate(kafka, specs);
		for (const one of plan.stages) {
			const config = configs.get(one);
			if (config === undefined) continue;
			const from = one === stage ? options.from : BEGINNING;
			const offsets =
				one === stage ? first : await startOffsets(kafka, one, from);
			await writePositions(kafka, one, config, offsets, from);
		}
	};
	await (parts.length > 0 ? untilStopped(begin) : begin());
	await kafka.admin.deleteGroups(
		plan.stages.flatMap(({ group }) => group || []),
	);
	console.log(
		`${plan.stages.map(({ name }) => name).join(", ")}: reset.${parts.length > 0 ? "" : " The next start processes the input again."}`,
	);
	return parts;
}

/**
 * With --restart the parts still run. One can write to the new topics before it notices that they
 * are new, and ends then. So the topics are made once more.
 */
async function untilStopped(begin: () => Promise<void>): Promise<void> {
	for (let attempt = 1; ; attempt++)
		try {
			return await begin();
		} catch (error) {
			if (!(error instanceof StillRuns) || attempt === ATTEMPTS_MAX)
				throw error;
			await sleep(BETWEEN_ATTEMPTS_MS);
		}
}

/** Its checkpoints are not in Kafka, and its members are in no group. */
function assertNotSpark({ settings }: Kafka, { stages }: ResetPlan): void {
	if (settings.engine !== "spark") return;
	if (
		!stages.some(
			({ name, from }) => name === "processor" && from === "built in",
		)
	)
		return;
	throw new CliError(
		CLI_EXIT.usage,
		"The processor of the Spark engine is no member of a consumer group, so whether it runs cannot be seen, and it cannot be reset as a whole.\n  What to do: reset it while another engine is chosen (`fireworks up --engine typescript`), or one device: `fireworks reset processor --key DEVICE`.",
	);
}

/** Throws CliError if a stage runs and may not, or cannot be restarted from here. */
function partsToRestart(
	{ stages, running }: ResetPlan,
	wanted: boolean,
): readonly string[] {
	const busy = stages.filter(({ name }) => running.get(name)?.length);
	if (busy.length === 0) return [];
	const names = busy.map(({ name }) => name).join(", ");
	if (!wanted)
		throw new CliError(
			CLI_EXIT.failure,
			`Not reset: ${names} ${busy.length === 1 ? "runs" : "run"}. What was processed meanwhile would be lost.\n  What to do: stop ${busy.length === 1 ? "it" : "them"}, or pass --restart, which restarts the parts of the local system.`,
		);
	const local = localParts();
	const parts = [...new Set(busy.map(({ part }) => part))];
	const foreign = busy.filter(
		({ part }) => part === undefined || !local.includes(part),
	);
	if (foreign.length > 0)
		throw new CliError(
			CLI_EXIT.failure,
			`Not reset: ${foreign.map(({ name }) => name).join(", ")} ${foreign.length === 1 ? "is" : "are"} not run by a part of the local system, so --restart cannot restart ${foreign.length === 1 ? "it" : "them"}.\n  What to do: stop ${foreign.length === 1 ? "it" : "them"} where ${foreign.length === 1 ? "it runs" : "they run"}, and run the command again.`,
		);
	return parts as string[];
}

/** The parts of the local system; none if it does not run, or the brokers are others. */
function localParts(): readonly string[] {
	if (process.env.FIREWORKS_BROKERS !== undefined) return [];
	const state = readState(stateFolderOf(process.env).stateFile);
	return state !== undefined && isAlive(state.supervisor)
		? state.parts.map(({ name }) => name)
		: [];
}
