/**
 * The metadata files of one table in a folder, in the layout of Hadoop's catalog: v1.metadata.json,
 * v2.metadata.json, ... and version-hint.text, which names a recent one.
 *
 * A commit is link(2) of a synced file to the next version: of several writers, one succeeds. Old
 * versions are deleted, in ascending order. So a writer that was paused for long can find the next
 * version free because it is already gone again. It therefore looks, after the link, whether the
 * version before is still the file that it read.
 */
import { randomUUID } from "node:crypto";
import {
	link,
	mkdir,
	open,
	readFile,
	rename,
	rm,
	stat,
	writeFile,
} from "node:fs/promises";
import { join } from "node:path";
import { absentAsUndefined, namesIn, syncFolder } from "../storage/files.ts";

const HINT = "version-hint.text";
const TEMPORARY = ".tmp";

/** Reading fails if the version is deleted meanwhile: then there is a newer one. */
const READ_ATTEMPTS = 5;

export interface Version<T> {
	readonly number: number;
	readonly path: string;
	/** Tells the file from another one of the same name. */
	readonly identity: string;
	readonly content: T;
}

export class Versions<T> {
	readonly #folder: string;
	readonly #parse: (text: string, path: string) => T;
	#known: Version<T> | undefined;

	constructor(folder: string, parse: (text: string, path: string) => T) {
		this.#folder = folder;
		this.#parse = parse;
	}

	/** undefined: there is no version. Reads a file only if it is another one than the last time. */
	async newest(): Promise<Version<T> | undefined> {
		for (let attempt = 1; ; attempt += 1) {
			const found = await this.#newestNumber();
			if (found === undefined) return undefined;
			try {
				this.#known = await this.#read(found);
				return this.#known;
			} catch (error) {
				absentAsUndefined(error);
				if (attempt === READ_ATTEMPTS) throw error;
			}
		}
	}

	/**
	 * after: the version that it follows; the first one follows none. false: another writer was
	 * first, or the table is no longer here.
	 */
	async add(
		after: Version<T> | undefined,
		number: number,
		text: string,
	): Promise<boolean> {
		const temporary = this.#path(`.${randomUUID()}${TEMPORARY}`);
		const path = this.#pathOf(number);
		try {
			await writeSynced(temporary, text);
			await link(temporary, path);
		} catch (error) {
			const { code } = error as NodeJS.ErrnoException;
			if (code === "EEXIST" || code === "ENOENT") return false;
			throw error;
		} finally {
			await rm(temporary, { force: true });
		}
		if (after !== undefined && !(await this.#isStill(after))) {
			await rm(path, { force: true });
			return false;
		}
		await syncFolder(this.#folder);
		await this.#writeHint(number);
		return true;
	}

	async ensureFolder(): Promise<void> {
		await mkdir(this.#folder, { recursive: true });
	}

	/** Deletes the versions before this one, the oldest first. */
	async removeBefore(first: number): Promise<void> {
		let oldest = first;
		while ((await this.#identity(oldest - 1)) !== undefined) oldest -= 1;
		for (let number = oldest; number < first; number += 1)
			await rm(this.#pathOf(number), { force: true });
	}

	/** Temporary files that were last written before this time. */
	async removeTemporary(before: number): Promise<void> {
		for (const name of await namesIn(this.#folder)) {
			if (!name.endsWith(TEMPORARY)) continue;
			const info = await stat(this.#path(name)).catch(absentAsUndefined);
			if (info !== undefined && info.mtimeMs < before)
				await rm(this.#path(name), { force: true });
		}
	}

	#path(name: string): string {
		return join(this.#folder, name);
	}

	#pathOf(number: number): string {
		return this.#path(`v${number}.metadata.json`);
	}

	async #newestNumber(): Promise<number | undefined> {
		const hint = await readFile(this.#path(HINT), "utf8").catch(
			absentAsUndefined,
		);
		let number = Number(hint);
		if (!(number > 0) || (await this.#identity(number)) === undefined) {
			number = Math.max(0, ...(await namesIn(this.#folder)).map(numberIn));
			if (number === 0) return undefined;
		}
		while ((await this.#identity(number + 1)) !== undefined) number += 1;
		return number;
	}

	async #read(number: number): Promise<Version<T>> {
		const identity = await this.#identity(number);
		const known = this.#known;
		if (known?.number === number && known.identity === identity) return known;
		const path = this.#pathOf(number);
		const content = this.#parse(await readFile(path, "utf8"), path);
		return { number, path, identity: identity ?? "", content };
	}

	async #isStill(version: Version<T>): Promise<boolean> {
		return (await this.#identity(version.number)) === version.identity;
	}

	/** undefined: there is no such version. */
	async #identity(number: number): Promise<string | undefined> {
		const info = await stat(this.#pathOf(number)).catch(absentAsUndefined);
		return info && `${info.ino} ${info.mtimeMs}`;
	}

	async #writeHint(number: number): Promise<void> {
		const temporary = this.#path(`.${randomUUID()}${TEMPORARY}`);
		await writeFile(temporary, String(number));
		await rename(temporary, this.#path(HINT));
	}
}

const numberIn = (name: string) =>
	Number(/^v(\d+)\.metadata\.json$/.exec(name)?.[1] ?? 0);

async function writeSynced(path: string, text: string): Promise<void> {
	const file = await open(path, "wx");
	try {
		await file.writeFile(text);
		await file.sync();
	} finally {
		await file.close();
	}
}
