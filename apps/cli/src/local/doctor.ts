/**
 * `fireworks doctor`: checks everything that may keep the system from working. Each finding comes
 * with its fix.
 */

import { recall } from "../commands/memory.ts";
import { CliError, type CliExit } from "../exit-codes.ts";
import { type Finding, ok, problem, warning } from "../preflight/finding.ts";
import { checkJars } from "../preflight/jars.ts";
import { preflight } from "../preflight/preflight.ts";
import { isAlive } from "../process/identity.ts";
import type { StateFolder } from "../project.ts";
import { type AllSettings, parseAll, stateFolderOf } from "../settings.ts";
import { reportFindings } from "../ui/findings.ts";
import { askPart, refusedLines } from "./part-probes.ts";
import { findPipelines } from "./pipelines/find.ts";
import { hasChanged } from "./pipelines/report.ts";
import { leftovers } from "./state/leftovers.ts";
import { readState, type SystemState } from "./state/state.ts";
import { kafkaCacheDirOf } from "./supervisor/parts.ts";

export async function doctor(): Promise<CliExit> {
	const folder = stateFolderOf(process.env);
	const state = attempt(() => readState(folder.stateFile));
	const settings = settingsOf(folder, state);
	const own = new Set(state?.parts.flatMap((part) => part.process?.pid ?? []));
	const { findings } = await preflight(settings, folder, own);
	const usable = !findings.some(
		({ check, level }) => check === "cache" && level === "problem",
	);
	const all = [
		...findings,
		...(usable ? [await checkJars(kafkaCacheDirOf(settings))] : []),
		...judgePipelines(state),
		...(await judgeParts(state)),
	];
	return reportFindings(all);
}

/**
 * The settings of the running system. If none runs, those of the last `up`: it may have failed
 * before it wrote a state, because of its engine or its ports. Throws CliError (config) if this
 * shell's variables are wrong.
 */
function settingsOf(
	folder: StateFolder,
	state: SystemState | undefined,
): AllSettings {
	const runs = state !== undefined && isAlive(state.supervisor);
	const last = runs ? undefined : attempt(() => recall(folder));
	const remembered = {
		...state?.settings,
		...(last?.target === "local" ? last.settings : {}),
	};
	return (
		attempt(() => parseAll({ ...remembered, ...process.env })) ??
		parseAll(process.env)
	);
}

/** Findings about the running parts, from the saved state and the parts themselves. */
async function judgeParts(state: SystemState | undefined): Promise<Finding[]> {
	if (state === undefined) return [];
	const left = leftovers(state);
	if (left.length > 0)
		return [
			problem(
				"parts",
				`the supervisor was killed, but ${left.map((l) => `${l.name} (pid ${l.process.pid})`).join(", ")} still run`,
				"`fireworks up` starts the system again, `fireworks down` stops them",
			),
		];
	if (!isAlive(state.supervisor)) return [ok("parts", "not running")];
	const bad = state.parts.filter(
		(p) => p.state === "failed" || p.state === "backoff",
	);
	const problems = bad.map((part) =>
		problem(
			part.name,
			`${part.state}: ${part.lastError}`,
			`See \`fireworks logs ${part.name}\``,
		),
	);
	for (const part of state.parts) {
		const report = await askPart(part);
		if (report.notReady !== null)
			problems.push(
				problem(
					part.name,
					`not ready: ${report.notReady}`,
					`See \`fireworks logs ${part.name}\``,
				),
			);
		problems.push(
			...refusedLines(report).map((line) => warning(part.name, line, "")),
			...report.tables.map((line) =>
				warning(
					part.name,
					line,
					"See `fireworks lake` and docs/operate/lake.md",
				),
			),
		);
	}
	return problems.length > 0
		? problems
		: [ok("parts", `${state.phase}: ${state.page}`)];
}

/** Findings about the folders of the pipelines, whether the system runs or not. */
function judgePipelines(state: SystemState | undefined): Finding[] {
	const { pipelines, refused } = findPipelines();
	const runs = state !== undefined && isAlive(state.supervisor);
	const changed = (runs ? state.parts : []).filter((part) =>
		hasChanged(
			part,
			pipelines.find(({ name }) => name === part.name),
		),
	);
	return [
		...refused.map(({ folder, reason }) =>
			problem(folder, `it cannot start: ${reason}`, ""),
		),
		...changed.map(({ name }) =>
			warning(
				name,
				"its files have changed since it was started",
				`\`fireworks restart ${name}\``,
			),
		),
	];
}

/**
 * Returns undefined for an error that is reported elsewhere. A broken state, for example, is one of
 * preflight's findings.
 */
function attempt<T>(work: () => T): T | undefined {
	try {
		return work();
	} catch (error) {
		if (error instanceof CliError) return undefined;
		throw error;
	}
}
