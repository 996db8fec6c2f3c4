/**
 * Shows steps with their times. On a terminal, each step has one line that changes while the step
 * runs. Elsewhere it prints a line when a step ends, and one every few seconds before that, so that
 * a long download does not look like a hang.
 */
import { duration } from "./format.ts";

const PLAIN_INTERVAL_MS = 5_000;
const TTY_INTERVAL_MS = 200;
const LABEL_WIDTH = 34;

export interface Output {
	write(text: string): unknown;
	isTTY?: boolean;
	columns?: number;
}

export class Steps {
	readonly #out: Output;

	constructor(out: Output) {
		this.#out = out;
	}

	/**
	 * Runs the work. `say` changes the progress that is shown. Returns what the work returns, and
	 * throws what it throws.
	 */
	async run<T>(
		label: string,
		work: (say: (progress: string) => void) => Promise<T>,
	): Promise<T> {
		const started = performance.now();
		const tty = this.#out.isTTY === true;
		let progress = "";
		const line = (mark: string) =>
			`${mark} ${label.padEnd(LABEL_WIDTH)} ${duration(performance.now() - started).padStart(8)}${progress && `  ${progress}`}`;
		const show = (mark: string, end: string) =>
			this.#out.write(
				tty
					? `\r\x1b[2K${line(mark).slice(0, (this.#out.columns || 80) - 1)}${end}`
					: `${line(mark)}\n`,
			);
		const timer = setInterval(
			() => show("…", ""),
			tty ? TTY_INTERVAL_MS : PLAIN_INTERVAL_MS,
		);
		try {
			if (tty) show("…", "");
			const result = await work((text) => {
				progress = text;
			});
			show("✓", "\n");
			return result;
		} catch (error) {
			show("✗", "\n");
			throw error;
		} finally {
			clearInterval(timer);
		}
	}
}
