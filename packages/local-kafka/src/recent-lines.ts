/** The last lines of a log, for error messages. */
export class RecentLines {
	readonly #lines: string[] = [];
	readonly #linesMax: number;

	constructor(linesMax: number) {
		this.#linesMax = linesMax;
	}

	add(line: string): void {
		this.#lines.push(line);
		if (this.#lines.length > this.#linesMax) this.#lines.shift();
	}

	get lines(): readonly string[] {
		return this.#lines;
	}
}
