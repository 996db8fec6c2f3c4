/** The table of the parts, for `status` and the live view. */
import type { PartRecord, SystemState } from "../local/state/state.ts";
import { duration } from "./format.ts";
import { table } from "./table.ts";

const HEADER = [
	"PART",
	"STATE",
	"PID",
	"PORTS",
	"RESTARTS",
	"SINCE",
	"LAST ERROR",
];

/** Lines without line ends. The last column is cut to the width. */
export function statusTable(
	parts: readonly PartRecord[],
	now: number,
	width: number,
): string[] {
	const rows = parts.filter(hasWork).map((part) => row(part, now));
	return table([HEADER, ...rows], width);
}

/** Not so a pipeline with only streams, once it has published them: nothing of it runs. */
export const hasWork = ({ finished }: PartRecord): boolean => !finished;

const row = (part: PartRecord, now: number): string[] => [
	part.name,
	part.state,
	part.process ? String(part.process.pid) : "-",
	Object.entries(part.ports)
		.map(([use, port]) => `${use} ${port}`)
		.join(", "),
	String(part.restarts),
	part.since > 0 ? duration(now - part.since).replace(/\.\d s$/, " s") : "-",
	(part.lastError ?? "").replaceAll("\n", " "),
];

/** One line about the whole system. */
export function headline(state: SystemState, now: number): string {
	const up = duration(now - state.startedAt).replace(/\.\d s$/, " s");
	switch (state.phase) {
		case "ready":
			return `Fireworks is up (${state.target}, for ${up}): ${state.page}`;
		case "starting":
			return `Fireworks is starting (${state.target}, for ${up})`;
		case "stopping":
			return "Fireworks is stopping";
		case "stopped":
			return state.problem
				? `Fireworks is not running; its last start failed: ${state.problem}`
				: "Fireworks is not running";
	}
}
