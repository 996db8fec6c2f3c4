/**
 * A part's log on disk, bounded: at `bytesMax` the file becomes `<name>.1`, and so on; the oldest goes.
 *
 * Written at once and synchronously: the parts log little, and the last line before a crash is the one that is wanted.
 */
import {
	closeSync,
	fstatSync,
	mkdirSync,
	openSync,
	renameSync,
	rmSync,
	writeSync,
} from "node:fs";
import { dirname } from "node:path";

export const LOG_LIMITS = {
	bytesMax: 10_000_000,
	/** Files beside the current one. */
	kept: 2,
} as const;

export class LogFile {
	readonly #path: string;
	readonly #limits: { bytesMax: number; kept: number };
	#fd: number;
	#bytes: number;

	constructor(
		path: string,
		limits: { bytesMax: number; kept: number } = LOG_LIMITS,
	) {
		this.#path = path;
		this.#limits = limits;
		mkdirSync(dirname(path), { recursive: true });
		this.#fd = openSync(path, "a");
		this.#bytes = fstatSync(this.#fd).size;
	}

	/** A line without its end. A full disk loses the line, not the system. */
	write(line: string): void {
		try {
			const bytes = Buffer.from(`${line}\n`);
			if (this.#bytes > 0 && this.#bytes + bytes.length > this.#limits.bytesMax)
				this.#rotate();
			this.#bytes += writeSync(this.#fd, bytes);
		} catch {
			// ENOSPC and its like: `doctor` says so.
		}
	}

	close(): void {
		closeSync(this.#fd);
	}

	#rotate(): void {
		const { kept } = this.#limits;
		const name = (n: number) => (n === 0 ? this.#path : `${this.#path}.${n}`);
		rmSync(name(kept), { force: true });
		for (let n = kept - 1; n >= 0; n -= 1) {
			try {
				renameSync(name(n), name(n + 1));
			} catch {
				// There was none yet.
			}
		}
		closeSync(this.#fd);
		this.#fd = openSync(this.#path, "a");
		this.#bytes = 0;
	}
}
