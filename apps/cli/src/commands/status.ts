/** `fireworks status`: what runs now, from the supervisor's state and a look at the processes. */
import { CLI_EXIT, type CliExit } from "../exit-codes.ts";
import { PORT_SETTINGS, parseAll, stateFolderOf } from "../local-settings.ts";
import { PART_NAMES } from "../part-names.ts";
import { isAlive } from "../process/identity.ts";
import { leftovers } from "../state/leftovers.ts";
import type { PartRecord, SystemState } from "../state/state.ts";
import { readState } from "../state/state-file.ts";
import { plural } from "../ui/format.ts";
import { headline, statusTable } from "../ui/status-table.ts";

export function status(options: { json: boolean }): CliExit {
	const state = readState(stateFolderOf(process.env).stateFile);
	const parts = currentParts(state);
	if (options.json) console.log(JSON.stringify(statusJson(parts)));
	else
		for (const line of statusText(state, parts, Date.now())) console.log(line);
	return CLI_EXIT.ok;
}

/** The parts as they are now: where the supervisor is gone, its last word is corrected by what lives. */
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

/** The contract of design.md, nothing more and nothing less. */
export const statusJson = (parts: readonly PartRecord[]) => ({
	target: "local",
	parts: parts.map((part) => ({
		name: part.name,
		pid: part.process?.pid ?? null,
		pod: null,
		state: part.state,
		restarts: part.restarts,
		ports: part.ports,
	})),
});

function statusText(
	state: SystemState | undefined,
	parts: readonly PartRecord[],
	now: number,
): string[] {
	if (state === undefined)
		return ["Fireworks is not running. Start it: `fireworks up`"];
	const left = leftovers(state);
	const unowned = !isAlive(state.supervisor) && state.phase !== "stopped";
	const first = unowned
		? left.length > 0
			? `The supervisor (pid ${state.supervisor.pid}) was killed; ${plural(left.length, "part")} left over. \`fireworks up\` starts anew, \`fireworks down\` stops them.`
			: `The supervisor (pid ${state.supervisor.pid}) was killed, and no part is left. Start again: \`fireworks up\``
		: headline(state, now);
	return [first, "", ...statusTable(parts, now, process.stdout.columns || 200)];
}
