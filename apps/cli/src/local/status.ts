/**
 * `fireworks status`: what runs now, from the supervisor's state file and a check of the processes.
 */
import { CLI_EXIT, type CliExit } from "../exit-codes.ts";
import { isAlive } from "../process/identity.ts";
import type { StateFolder } from "../project.ts";
import { parseAll, stateFolderOf } from "../settings.ts";
import { plural } from "../ui/format.ts";
import { hasWork, headline, statusTable } from "../ui/status-table.ts";
import { PART_NAMES, PORT_SETTINGS } from "./part-names.ts";
import {
	askPart,
	NO_REPORT,
	type PartReport,
	refusedLines,
} from "./part-probes.ts";
import { findPipelines } from "./pipelines/find.ts";
import {
	absentLines,
	finishedLines,
	problemLines,
} from "./pipelines/report.ts";
import { leftovers } from "./state/leftovers.ts";
import { type PartRecord, readState, type SystemState } from "./state/state.ts";

export async function status(options: { json: boolean }): Promise<CliExit> {
	const folder = stateFolderOf(process.env);
	const state = readState(folder.stateFile);
	const parts = currentParts(state);
	const reports = new Map(
		await Promise.all(
			parts.map(async (part) => [part.name, await askPart(part)] as const),
		),
	);
	if (options.json) console.log(JSON.stringify(statusJson(parts, reports)));
	else
		for (const line of [
			...statusText(state, parts, reports, Date.now()),
			...pipelineLines(folder, state, parts),
		])
			console.log(line);
	return CLI_EXIT.ok;
}

/**
 * The parts as they are now. If the supervisor is gone, its state file is out of date and is
 * corrected by checking which processes are alive.
 */
function currentParts(state: SystemState | undefined): PartRecord[] {
	if (state === undefined) return PART_NAMES.map(neverStarted);
	if (isAlive(state.supervisor)) return state.parts;
	return state.parts.map((part): PartRecord => {
		const alive = part.process !== null && isAlive(part.process);
		if (alive) return part;
		return {
			...part,
			process: null,
			state: part.state === "failed" ? "failed" : "stopped",
		};
	});
}

function neverStarted(name: (typeof PART_NAMES)[number]): PartRecord {
	const port = parseAll(process.env)[PORT_SETTINGS[name]];
	return {
		name,
		state: "stopped",
		process: null,
		restarts: 0,
		ports: name === "kafka" ? { kafka: port } : { http: port },
		lastError: null,
		since: 0,
	};
}

/** Lines about the pipelines, if the system runs. */
function pipelineLines(
	folder: StateFolder,
	state: SystemState | undefined,
	parts: readonly PartRecord[],
): string[] {
	if (state === undefined || !isAlive(state.supervisor)) return [];
	const found = findPipelines();
	const lines = [
		...problemLines(folder, found, parts),
		...finishedLines(parts),
		...absentLines(found, parts),
	];
	return lines.length > 0 ? ["", ...lines] : [];
}

type Reports = ReadonlyMap<PartRecord["name"], PartReport>;

/**
 * notReady and refused are what a running part reports about itself. Other programs rely on the
 * other fields, which are older.
 */
export const statusJson = (
	parts: readonly PartRecord[],
	reports: Reports = new Map(),
) => ({
	target: "local",
	parts: parts.filter(hasWork).map((part) => ({
		name: part.name,
		pid: part.process?.pid ?? null,
		pod: null,
		state: part.state,
		restarts: part.restarts,
		ports: part.ports,
		...reported(reports.get(part.name)),
	})),
});

/**
 * Contains only fields with something to report. A part without problems looks as it did before
 * these fields existed.
 */
const reported = ({ notReady, refused, refusedTotal } = NO_REPORT) => ({
	...(notReady === null ? {} : { notReady }),
	...(refusedTotal === 0 ? {} : { refused, refusedTotal }),
});

function statusText(
	state: SystemState | undefined,
	parts: readonly PartRecord[],
	reports: Reports,
	now: number,
): string[] {
	if (state === undefined)
		return ["Fireworks is not running. Start it: `fireworks up`"];
	const left = leftovers(state);
	const unowned = !isAlive(state.supervisor) && state.phase !== "stopped";
	const first = unowned
		? left.length > 0
			? `The supervisor (pid ${state.supervisor.pid}) was killed; ${plural(left.length, "part")} left over. \`fireworks up\` starts the system again, \`fireworks down\` stops them.`
			: `The supervisor (pid ${state.supervisor.pid}) was killed, and no part is left. Start again: \`fireworks up\``
		: headline(state, now);
	const problems = [...reports].flatMap(([name, report]) => [
		...(report.notReady === null
			? []
			: [`${name} is not ready: ${report.notReady}`]),
		...refusedLines(report),
		...report.tables,
	]);
	return [
		first,
		"",
		...statusTable(parts, now, process.stdout.columns || 200),
		...(problems.length > 0 ? ["", ...problems] : []),
	];
}
