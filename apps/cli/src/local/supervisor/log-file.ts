/**
 * A part's log on disk, with a size limit. At `bytesMax` the file becomes `<name>.1`, that one
 * becomes `<name>.2`, and so on. The oldest file is deleted.
 *
 * Lines are written at once and synchronously: the parts log little, and the last line before a
 * crash is the most important one.
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

const LOG_LIMITS = {
	bytesMax: 10_000_000,
	/** Old files kept in addition to the current one. */
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

	/** line: without its line end. If the disk is full, the line is lost and the system goes on. */
	write(line: string): void {
		try {
			const bytes = Buffer.from(`${line}\n`);
			if (this.#bytes > 0 && this.#bytes + bytes.length > this.#limits.bytesMax)
				this.#rotate();
			this.#bytes += writeSync(this.#fd, bytes);
		} catch {
			// ENOSPC and the like: `doctor` reports them.
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
				// This file does not exist yet.
			}
		}
		closeSync(this.#fd);
		this.#fd = openSync(this.#path, "a");
		this.#bytes = 0;
	}
}
