/** The table of the parts, for `status` and the live view. */
import type { PartRecord, SystemState } from "../state/state.ts";
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

/** Lines without ends; the last column is cut to the width. */
export function statusTable(
	parts: readonly PartRecord[],
	now: number,
	width: number,
): string[] {
	return table([HEADER, ...parts.map((part) => row(part, now))], width);
}

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

/** One line on the whole. */
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
