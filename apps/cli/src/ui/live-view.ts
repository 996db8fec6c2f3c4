/** The foreground's view: on a terminal the status table, drawn over itself once a second; elsewhere a line for each change. */
import type { PartStatus } from "../supervisor/part-state.ts";
import type { Output } from "./steps.ts";

const REDRAW_MS = 1_000;

export class LiveView {
	readonly #out: Output;
	readonly #lines: () => string[];
	#drawn = 0;
	#timer: NodeJS.Timeout | undefined;

	/** lines: what is to be seen now. */
	constructor(out: Output, lines: () => string[]) {
		this.#out = out;
		this.#lines = lines;
	}

	start(): void {
		if (!this.#out.isTTY || this.#timer) return;
		this.#draw();
		this.#timer = setInterval(() => this.#draw(), REDRAW_MS);
	}

	/** Leaves the last picture where it is. */
	stop(): void {
		clearInterval(this.#timer);
		this.#timer = undefined;
		this.#drawn = 0;
	}

	#draw(): void {
		const lines = this.#lines();
		const up = this.#drawn > 0 ? `\x1b[${this.#drawn}A` : "";
		const text = lines.map((line) => `\x1b[2K${line}\n`).join("");
		this.#out.write(`${up}${text}\x1b[0J`);
		this.#drawn = lines.length;
	}
}

/** A change of state as a line; undefined where it is none. */
export function changeLine(
	name: string,
	before: PartStatus,
	after: PartStatus,
): string | undefined {
	if (before.state === after.state) return undefined;
	const pid = after.process ? ` (pid ${after.process.pid})` : "";
	const unexpected = after.state === "backoff" || after.state === "failed";
	const why = unexpected ? `: ${after.lastError}` : "";
	return `${name}: ${after.state}${pid}${why}`;
}
