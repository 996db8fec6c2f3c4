/**
 * The view of `up` in the foreground. On a terminal it redraws the status table in place once a
 * second. Elsewhere it prints a line for each change.
 */
import type { PartRecord, SystemState } from "../local/state/state.ts";
import { duration } from "./format.ts";
import { headline, statusTable } from "./status-table.ts";
import type { Output } from "./steps.ts";

const REDRAW_MS = 1_000;
const LOOK_MS = 200;

const HINT: Record<SystemState["phase"], string> = {
	starting: "Ctrl-C stops everything",
	ready: "Ctrl-C stops everything",
	stopping: "Ctrl-C once more kills at once",
	stopped: "",
};

export class LiveView {
	readonly #out: Output;
	readonly #stateNow: () => SystemState | undefined;
	readonly #began = performance.now();
	#drawn = 0;
	#shown = new Map<string, PartRecord>();
	#timer: NodeJS.Timeout | undefined;

	/** stateNow: the system as it is now; undefined before its supervisor has written a state. */
	constructor(out: Output, stateNow: () => SystemState | undefined) {
		this.#out = out;
		this.#stateNow = stateNow;
	}

	start(): void {
		const every = this.#out.isTTY ? REDRAW_MS : LOOK_MS;
		this.#timer ??= setInterval(() => this.#show(), every);
	}

	/** Leaves the last view on the screen. */
	stop(): void {
		clearInterval(this.#timer);
		this.#timer = undefined;
		this.#show();
	}

	/** Prints a line with the time since the start. On a terminal, the table says the same. */
	say(text: string): void {
		if (this.#out.isTTY) return;
		const time = duration(performance.now() - this.#began).padStart(8);
		this.#out.write(`${time}  ${text}\n`);
	}

	#show(): void {
		const state = this.#stateNow();
		if (!state) return;
		if (this.#out.isTTY) this.#draw(state);
		// In the order of the changes: several may have happened since the last look.
		else
			for (const part of state.parts.toSorted((a, b) => a.since - b.since))
				this.#sayChange(part);
	}

	#sayChange(part: PartRecord): void {
		const line = changeLine(this.#shown.get(part.name), part);
		if (line) this.say(line);
		this.#shown.set(part.name, part);
	}

	#draw(state: SystemState): void {
		const width = this.#out.columns || 80;
		const now = Date.now();
		const lines = [
			"",
			headline(state, now).slice(0, width),
			"",
			...statusTable(state.parts, now, width),
			"",
			HINT[state.phase],
		];
		const up = this.#drawn > 0 ? `\x1b[${this.#drawn}A` : "";
		const text = lines.map((line) => `\x1b[2K${line}\n`).join("");
		this.#out.write(`${up}${text}\x1b[0J`);
		this.#drawn = lines.length;
	}
}

type Shown = Pick<PartRecord, "state" | "process" | "lastError" | "finished">;

/** A change of state as a line; undefined if the state did not change. */
export function changeLine(
	before: Shown | undefined,
	after: Shown & { name: string },
): string | undefined {
	if ((before?.state ?? "stopped") === after.state) return undefined;
	const pid = after.process ? ` (pid ${after.process.pid})` : "";
	const unexpected = after.state === "backoff" || after.state === "failed";
	const why = unexpected ? `: ${after.lastError}` : "";
	const state = after.finished ? "its streams are published" : after.state;
	return `${after.name}: ${state}${pid}${why}`;
}
